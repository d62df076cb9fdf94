import type { JsonValue } from '../base/json';
import { CLAIMS_PREFIX } from './claims';
import type { JournalRecord } from './journal';
import type { Entry, Register } from './register';

/** A run whose process has ended before it did. */
export interface InterruptedRun {
  readonly record: JournalRecord;
  /** Version by key of its claims, its own record first. */
  readonly taken: ReadonlyMap<string, string>;
}

/**
 * Finds the runs that former processes have left, and sees to it that each holds every claim that its journal names: until it
 * has ended nobody else may write there. Claims without a journal are of runs that had no effect yet, and are freed. To be
 * called before this process takes claims of its own.
 */
export async function findInterrupted(register: Register): Promise<readonly InterruptedRun[]> {
  const listed = await register.list(CLAIMS_PREFIX);
  const entries = (await Promise.all(listed.map(({ key }) => register.get(key)))).flatMap((entry) => entry ?? []);
  const journals = entries.flatMap((entry) => (isJournal(entry.value) ? [{ entry, record: entry.value }] : []));
  const owners = new Set(journals.map(({ record }) => record.operationId));
  for (const { key, value, version } of entries)
    if (!owners.has(holderOf(value) ?? '')) await register.delete(key, { ifMatch: version });
  return Promise.all(
    journals.map(async ({ entry, record }) => ({ record, taken: await hold(register, entry, record) })),
  );
}

async function hold(register: Register, own: Entry, record: JournalRecord): Promise<ReadonlyMap<string, string>> {
  const ownKey = own.key.slice(CLAIMS_PREFIX.length);
  const taken = new Map([[ownKey, own.version]]);
  const { operationId, kind, startedAt, owner } = record;
  const self = { operationId, kind, startedAt, ...(owner !== undefined && { owner }) };
  for (const key of record.claims.filter((other) => other !== ownKey)) {
    const written = await register.put(CLAIMS_PREFIX + key, self, { ifAbsent: true }, false);
    if (written.ok) taken.set(key, written.version);
    else {
      const entry = await register.get(CLAIMS_PREFIX + key);
      if (entry && holderOf(entry.value) === operationId) taken.set(key, entry.version);
    }
  }
  return taken;
}

function holderOf(value: JsonValue): string | undefined {
  return isObject(value) && typeof value['operationId'] === 'string' ? value['operationId'] : undefined;
}

/** Whether it is a journal as far as this process must know it to go on with it. */
function isJournal(value: JsonValue): value is JournalRecord {
  return (
    isObject(value) &&
    value['state'] === 'running' &&
    ['operationId', 'kind', 'startedAt', 'title', 'recovery'].every((name) => typeof value[name] === 'string') &&
    typeof value['version'] === 'number' &&
    Array.isArray(value['claims']) &&
    value['input'] !== undefined &&
    value['preImage'] !== undefined
  );
}

const isObject = (value: JsonValue): value is { readonly [key: string]: JsonValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
