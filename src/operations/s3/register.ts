import { randomUUID } from 'node:crypto';
import type { Clock } from '../../base/clock';
import type { Listed, Part, Register, Written } from '../../engine/register';
import { keyOf, pathOf, pathOfPlace, pathOfPrefix } from '../key-path';
import { removeOnce, writeOnce } from './conditional-write';
import type { Found, Objects } from './objects';
import { contentOf, isGravestone, textOfGravestone, textOfRecord } from './record';

/**
 * How records are removed, which depends on what the store makes of If-Match on DELETE:
 * - `remove`: it is honoured, and refused where there is nothing.
 * - `bury-and-remove`: it is honoured, but nothing is as good as a match: two could both believe that they removed it. So a
 *   gravestone is written over the record first, which one of them wins.
 * - `bury`: it is ignored. Gravestones stay.
 */
export type Removal = 'remove' | 'bury-and-remove' | 'bury';

export interface S3RegisterOptions {
  readonly objects: Objects;
  /** What every name begins with. */
  readonly prefix: string;
  readonly clock: Clock;
  readonly removal: Removal;
}

/** What S3 lists at once at most. */
const PAGE = 1_000;

/** Makes a register of the objects of a bucket; whoever uses the same bucket and prefix shares it. */
export function createS3Register({ objects, prefix, clock, removal }: S3RegisterOptions): Register {
  const nameOf = (key: string): string => prefix + pathOf(key);

  const bury = async (name: string, version: string): Promise<Written> => {
    const nonce = randomUUID();
    const condition = { ifMatch: version };
    const buried = await writeOnce(objects, clock, { name, text: textOfGravestone(nonce), nonce, condition });
    if (!buried.ok) return buried;
    // A gravestone that stays does no harm.
    if (removal === 'bury-and-remove') await objects.remove(name, buried.version).catch(() => undefined);
    return { ok: true, version };
  };

  return {
    get: async (key) => {
      const name = nameOf(key);
      const read = await objects.read(name);
      if (read === undefined) return undefined;
      const content = contentOf(name, read.text);
      if (content.type === 'gravestone') return undefined;
      return { key, value: content.value, version: read.version, ageMs: read.ageMs };
    },

    put: (key, value, condition) => {
      const nonce = randomUUID();
      return writeOnce(objects, clock, { name: nameOf(key), text: textOfRecord(value, nonce), nonce, condition });
    },

    delete: (key, { ifMatch }) =>
      removal === 'remove' ? removeOnce(objects, clock, nameOf(key), ifMatch) : bury(nameOf(key), ifMatch),

    list: (begin, part) => listAll(objects, prefix, begin, part),
  };
}

async function listAll(
  objects: Objects,
  prefix: string,
  begin: string,
  { after, limit = Infinity }: Part = {},
): Promise<readonly Listed[]> {
  const listed: Listed[] = [];
  let behind = after === undefined ? '' : prefix + pathOfPlace(after);
  while (listed.length < limit) {
    const { found, hasMore } = await objects.list(
      prefix + pathOfPrefix(begin),
      behind,
      Math.min(PAGE, limit - listed.length),
    );
    listed.push(...found.flatMap((one) => listedOf(one, prefix) ?? []));
    const last = found.at(-1);
    if (last === undefined || !hasMore) break;
    behind = last.name;
  }
  return listed;
}

/** Undefined for gravestones, and for what is no record: a probe of a process that starts, say. */
function listedOf({ name, version, bytes, ageMs }: Found, prefix: string): Listed | undefined {
  const key = keyOf(name.slice(prefix.length));
  return key === undefined || isGravestone(bytes) ? undefined : { key, version, bytes, ageMs };
}
