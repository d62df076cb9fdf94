import { createHash, randomBytes } from 'node:crypto';

/**
 * Ids of operations: UUIDs whose bits are ours to give (RFC 9562, version 8). They tell when the operation began, so that what
 * is kept of it is found without an index, and which claim holds its journal while it runs.
 *
 * From the highest bit: 48 of milliseconds, 4 of the version, 12 of the claim's hash, 2 of the variant, 20 of the claim's hash,
 * 42 random ones.
 */

const SHAPE = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const VERSION = 8n << 76n;
const VARIANT = 2n << 62n;
const RANDOM_BITS = 42n;
const RANDOM_BYTES = 6;
/** Ids that others have made may have the shape; no clock of ours says such a time. */
const EARLIEST = Date.UTC(2020, 0, 1);
const LATEST = Date.UTC(2400, 0, 1);

/** Makes the id of an operation that begins now. `firstClaim`: key, below `claims/`, of the record that is its journal. */
export function createOperationId(nowMs: number, firstClaim: string): string {
  const claim = hashOf(firstClaim);
  const random = BigInt(`0x${randomBytes(RANDOM_BYTES).toString('hex')}`) & ((1n << RANDOM_BITS) - 1n);
  const bits =
    (BigInt(Math.floor(nowMs)) << 80n) |
    VERSION |
    ((claim >> 20n) << 64n) |
    VARIANT |
    ((claim & 0xfffffn) << RANDOM_BITS) |
    random;
  return bits
    .toString(16)
    .padStart(32, '0')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** Gives when an operation began, in milliseconds since the epoch; undefined where its id does not tell. */
export function beganAt(id: string): number | undefined {
  if (!SHAPE.test(id)) return undefined;
  const ms = Number(bitsOf(id) >> 80n);
  return ms >= EARLIEST && ms <= LATEST ? ms : undefined;
}

/** Whether the journal of a running operation may lie under this claim. One whose id does not tell may lie under any. */
export function mayBeUnder(id: string, claimKey: string): boolean {
  if (beganAt(id) === undefined) return true;
  const bits = bitsOf(id);
  const claim = (((bits >> 64n) & 0xfffn) << 20n) | ((bits >> RANDOM_BITS) & 0xfffffn);
  return claim === hashOf(claimKey);
}

const bitsOf = (id: string): bigint => BigInt(`0x${id.replaceAll('-', '')}`);

const hashOf = (claim: string): bigint => BigInt(createHash('sha256').update(claim).digest().readUInt32BE(0));
