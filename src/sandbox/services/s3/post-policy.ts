/**
 * Whether an upload by form is what its policy allows.
 * Source: S3 API reference, "Creating a POST policy".
 */
import { AwsRefusal } from '../../contract';

/** What the conditions are held against. */
export interface Upload {
  /** The bucket that is addressed, whatever the form says. */
  readonly bucket: string;
  /** With the file's name in it. */
  readonly key: string;
  /** By lower-case name. */
  readonly fields: ReadonlyMap<string, string>;
  /** Bytes of the file. */
  readonly size: number;
}

type Condition =
  | { readonly kind: 'eq' | 'starts-with'; readonly field: string; readonly value: string; readonly shown: string }
  | { readonly kind: 'size'; readonly least: number; readonly most: number };

interface Policy {
  /** Milliseconds since the epoch. */
  readonly expiration: number;
  readonly conditions: readonly Condition[];
}

function invalid(why: string): never {
  throw new AwsRefusal(400, 'InvalidPolicyDocument', `Invalid Policy: ${why}`);
}

function refused(why: string): never {
  throw new AwsRefusal(403, 'AccessDenied', `Invalid according to Policy: ${why}`);
}

function lengthOf(value: unknown): number {
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 0)
    return invalid('Invalid content-length-range.');
  return number;
}

function conditionsOf(item: unknown): readonly Condition[] {
  const shown = JSON.stringify(item);
  if (Array.isArray(item)) {
    const [operator, field, value] = item as readonly unknown[];
    const kind = String(operator).toLowerCase();
    if (item.length !== 3) return invalid(`Invalid Condition: ${shown}`);
    if (kind === 'content-length-range') return [{ kind: 'size', least: lengthOf(field), most: lengthOf(value) }];
    if (
      (kind !== 'eq' && kind !== 'starts-with') ||
      typeof field !== 'string' ||
      !field.startsWith('$') ||
      typeof value !== 'string'
    ) {
      return invalid(`Invalid Condition: ${shown}`);
    }
    return [{ kind, field: field.slice(1).toLowerCase(), value, shown }];
  }
  if (typeof item !== 'object' || item === null) return invalid(`Invalid Condition: ${shown}`);
  return Object.entries(item as Record<string, unknown>).map(([name, value]) => {
    if (typeof value !== 'string') return invalid(`Invalid Simple-Condition: ${shown}`);
    return { kind: 'eq', field: name.toLowerCase(), value, shown: JSON.stringify(['eq', `$${name}`, value]) };
  });
}

function parse(encoded: string): Policy {
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'));
  } catch {
    return invalid('Invalid JSON.');
  }
  if (typeof document !== 'object' || document === null) return invalid('Invalid JSON.');
  const { expiration, conditions } = document as Record<string, unknown>;
  const until = typeof expiration === 'string' && /Z$/.test(expiration) ? Date.parse(expiration) : NaN;
  if (Number.isNaN(until)) return invalid("Invalid 'expiration' value.");
  if (!Array.isArray(conditions)) return invalid('Policy missing conditions.');
  return { expiration: until, conditions: conditions.flatMap(conditionsOf) };
}

/** Fields that no condition needs to name. */
const isFree = (name: string): boolean =>
  name === 'policy' || name === 'x-amz-signature' || name.startsWith('x-ignore-');

function valueOf(upload: Upload, field: string): string {
  if (field === 'bucket') return upload.bucket;
  return field === 'key' ? upload.key : (upload.fields.get(field) ?? '');
}

function holds(condition: Exclude<Condition, { kind: 'size' }>, upload: Upload): boolean {
  const value = valueOf(upload, condition.field);
  if (condition.kind === 'eq') return value === condition.value;
  // Of a list of types, each must begin so.
  const values = condition.field === 'content-type' ? value.split(',').map((one) => one.trim()) : [value];
  return values.every((one) => one.startsWith(condition.value));
}

function checkSize({ least, most }: Extract<Condition, { kind: 'size' }>, size: number): void {
  if (size > most) {
    throw new AwsRefusal(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', {
      ProposedSize: String(size),
      MaxSizeAllowed: String(most),
    });
  }
  if (size >= least) return;
  throw new AwsRefusal(400, 'EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
    ProposedSize: String(size),
    MinSizeAllowed: String(least),
  });
}

/**
 * Checks an upload against the policy of its form. `encoded`: base64, as it stands in the form.
 * @throws {InvalidPolicyDocument} when it is no policy
 * @throws {AccessDenied} when it has expired, or a condition does not hold
 * @throws {EntityTooLarge | EntityTooSmall} when the size is not within its bounds
 */
export function checkPostPolicy(encoded: string, upload: Upload, now: number): void {
  const { expiration, conditions } = parse(encoded);
  if (now > expiration) refused('Policy expired.');
  for (const condition of conditions) {
    if (condition.kind !== 'size' && !holds(condition, upload)) refused(`Policy Condition failed: ${condition.shown}`);
  }
  const covered = new Set(conditions.flatMap((condition) => (condition.kind === 'size' ? [] : [condition.field])));
  const extra = [...upload.fields.keys()].filter((name) => !isFree(name) && !covered.has(name));
  if (extra.length > 0) refused(`Extra input fields: ${extra.join(', ')}`);
  if (upload.fields.has('bucket') && upload.fields.get('bucket') !== upload.bucket) {
    refused(`Policy Condition failed: ${JSON.stringify(['eq', '$bucket', upload.bucket])}`);
  }
  for (const condition of conditions) if (condition.kind === 'size') checkSize(condition, upload.size);
}
