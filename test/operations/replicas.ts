import { createDeadlines } from '../../src/base/deadlines';
import type { HistoryQuery } from '../../src/domain/shared/history';
import type { EngineEventPayload } from '../../src/engine/events';
import type { JournalRecord } from '../../src/engine/journal';
import type { Outcome } from '../../src/engine/recipe';
import type { Register } from '../../src/engine/register';
import type { AnswerOf } from '../../src/operations/done-record';
import { createHistory } from '../../src/operations/history';
import type { Asking } from '../../src/operations/history-facts';
import { createOperationId } from '../../src/operations/operation-id';
import type { TestClock } from '../support/clock';
import { createFaultyRegister } from '../support/register';

/** Replicas of the service that share a register and a clock; each does with its history what an engine does. */

export const EVERYTHING: HistoryQuery = {
  resource: undefined,
  state: undefined,
  kind: undefined,
  token: undefined,
  since: undefined,
  until: undefined,
  limit: 100,
  marker: undefined,
};

export const ASKING: Asking = {
  requestId: 'r-1',
  tokenId: 'portal',
  actor: 'ada',
  method: 'POST',
  path: '/v1/s3/demo/buckets',
  address: '192.0.2.7',
  endpoint: 'createBucket',
};

const SUCCEEDED: Outcome<unknown> = { state: 'succeeded', value: {} };

export interface Beginning {
  readonly claims?: readonly string[];
  readonly kind?: string;
  readonly title?: string;
  readonly id?: string;
}

export interface ReplicaOptions {
  readonly isMemory?: boolean;
  readonly most?: number;
  readonly keepDays?: number;
  readonly answerOf?: AnswerOf;
}

export function createReplica(register: Register, clock: TestClock, options: ReplicaOptions = {}) {
  const { isMemory = false, keepDays = 7, ...more } = options;
  let asking: Asking | undefined = ASKING;
  const deadlines = createDeadlines(clock);
  const history = createHistory({
    clock,
    register,
    isMemory,
    deadlines,
    keepDays: () => keepDays,
    asking: () => asking,
    ...more,
  });
  const records = new Map<string, JournalRecord>();
  const versions = new Map<string, string>();

  const tell = (operationId: string, payload: EngineEventPayload): void =>
    history.listener({
      operationId,
      kind: records.get(operationId)?.kind ?? 'create-bucket',
      at: clock.now(),
      ...payload,
    });

  /** Tells of a run that begins; nothing of it is in the register yet. */
  const begin = ({
    claims = ['demo/bucket/photos'],
    kind = 'create-bucket',
    title = `Do ${kind}`,
    id,
  }: Beginning = {}) => {
    // Of two that begin in the same millisecond nobody can tell which is newer.
    clock.advance(1);
    const operationId = id ?? createOperationId(clock.now(), [...claims].sort()[0] ?? '');
    records.set(operationId, {
      operationId,
      kind,
      title,
      startedAt: new Date(clock.now()).toISOString(),
      state: 'running',
      recovery: 'forward',
      claims: [...claims].sort(),
      version: 1,
      input: { target: { account: 'demo' } },
      preImage: {},
      asked: history.notary.asked(),
      attempt: 1,
    });
    tell(operationId, { type: 'operation-started', title, claims });
    return operationId;
  };
  const recordOf = (id: string): JournalRecord => {
    const record = records.get(id);
    if (!record) throw new Error(`no ${id}`);
    return record;
  };
  /** Writes its journal, with what is shown of it so far. */
  const journal = async (id: string): Promise<void> => {
    const record = { ...recordOf(id), display: history.notary.display(id) };
    records.set(id, record);
    const key = `claims/${record.claims[0] ?? ''}`;
    const before = await register.get(key);
    const written = await register.put(key, record, before ? { ifMatch: before.version } : { ifAbsent: true });
    if (written.ok) versions.set(key, written.version);
  };
  const end = async (id: string, outcome: Outcome<unknown> = SUCCEEDED): Promise<void> => {
    await history.notary.end({ record: recordOf(id), outcome, endedAt: new Date(clock.now()).toISOString() });
  };
  const free = async (id: string): Promise<void> => {
    const key = `claims/${recordOf(id).claims[0] ?? ''}`;
    await register.put(key, { freed: id }, { ifMatch: (await register.get(key))?.version ?? '' });
  };
  const tellEnd = (id: string, outcome: Outcome<unknown> = SUCCEEDED): void =>
    tell(id, {
      type: 'operation-ended',
      state: outcome.state,
      durationMs: 1,
      ...(outcome.state !== 'succeeded' && { error: outcome.error }),
      ...('left' in outcome && outcome.left.length > 0 && { left: outcome.left.map(({ step }) => step) }),
    });
  return {
    history,
    deadlines,
    tell,
    begin,
    journal,
    end,
    free,
    tellEnd,
    recordOf,
    askedBy: (next: Asking | undefined) => void (asking = next),
    /** A run from its beginning until its journal is written. */
    run: async (beginning?: Beginning): Promise<string> => {
      const id = begin(beginning);
      await journal(id);
      return id;
    },
    /** Its terminal write, the release of its claims and its last event. */
    finish: async (id: string, outcome?: Outcome<unknown>): Promise<void> => {
      await end(id, outcome);
      await free(id);
      tellEnd(id, outcome);
    },
    /** Goes on with a run that another replica has begun. */
    takeUp: (record: JournalRecord, more: { readonly attempt?: number; readonly isRetry?: boolean } = {}): void => {
      const { operationId, title, claims, recovery, asked, display } = record;
      const attempt = more.attempt ?? record.attempt ?? 1;
      records.set(operationId, { ...record, attempt });
      tell(operationId, {
        type: 'operation-started',
        title,
        claims,
        attempt,
        ...(!more.isRetry && { recovery }),
        ...(asked !== undefined && { asked }),
        ...(display !== undefined && { display }),
      });
    },
    journalOf: async (id: string): Promise<JournalRecord> =>
      (await register.get(`claims/${recordOf(id).claims[0] ?? ''}`))?.value as unknown as JournalRecord,
    ids: async (query: Partial<HistoryQuery> = {}, account = 'demo') =>
      (await history.list(account, { ...EVERYTHING, ...query })).operations.map(({ id }) => id),
    shown: async (id: string) => (await history.find('demo', id))?.show(),
  };
}

/** A register that says how often it was asked. */
export function createCountedRegister() {
  const register = createFaultyRegister();
  return {
    register,
    callsOf: async (work: () => Promise<unknown>): Promise<readonly string[]> => {
      const before = register.calls.length;
      await work();
      return register.calls.slice(before);
    },
  };
}
