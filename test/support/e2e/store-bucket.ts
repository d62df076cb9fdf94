import { isObject } from '../../../src/engine/records';
import type { JsonValue } from '../../../src/base/json';
import { keyOf } from '../../../src/operations/key-path';

/** The bucket of the sandbox that keeps operations, as it is in the sandbox's state. */

export const STORE_BUCKET = 'operations-of-replicas';
const STORE_PREFIX = 'operations/';

interface Taken {
  readonly s3: {
    readonly buckets: readonly {
      readonly name: string;
      readonly objects: readonly (readonly [string, readonly { readonly body?: string }[]])[];
    }[];
  };
}

/** Records of the store by key; what is no record, of a probe, say, is left out. */
function recordsIn(taken: string): ReadonlyMap<string, JsonValue> {
  // Written by the sandbox of this very process.
  const { s3 } = JSON.parse(taken) as Taken;
  const objects = s3.buckets.find(({ name }) => name === STORE_BUCKET)?.objects ?? [];
  return new Map(
    objects.flatMap(([name, [newest]]) => {
      const key = keyOf(name.slice(STORE_PREFIX.length));
      const content = JSON.parse(Buffer.from(newest?.body ?? 'null', 'base64').toString()) as JsonValue;
      return key !== undefined && isObject(content) && content['value'] !== undefined ? [[key, content['value']]] : [];
    }),
  );
}

/** Keys of records that an operation holds. */
export function heldIn(taken: string): readonly string[] {
  return [...recordsIn(taken)].flatMap(([key, value]) =>
    key.startsWith('claims/') && !key.startsWith('claims/~') && isObject(value) && 'operationId' in value ? [key] : [],
  );
}
