import type { EngineEvent } from '../../src/engine/events';
import type { DomainError } from '../../src/base/errors';
import { domainErrorFields, logAwsCalls, logEngineEvents } from '../../src/observability/event-log';
import { createLogger, type Log, type LogLevel } from '../../src/observability/log';
import { withRequest } from '../../src/observability/request-context';

function collect(level: LogLevel = 'trace'): { readonly log: Log; readonly lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const log = createLogger({
    level,
    destination: { write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>) },
  });
  return { log, lines };
}

const run = { operationId: 'op-1', kind: 'create-bucket', at: 0 };
const step = { ...run, step: 2, title: 'Create bucket photos' };
const denied: DomainError = {
  kind: 'denied',
  detail: 'no',
  origin: { code: 'AccessDenied', call: 'CreateBucket', service: 's3', effect: 'none' },
};

const events: readonly (readonly [EngineEvent, string, object])[] = [
  [
    { ...run, type: 'operation-started', title: 'Create bucket photos', claims: ['demo/bucket/photos'] },
    'info',
    { title: 'Create bucket photos', claims: ['demo/bucket/photos'] },
  ],
  [{ ...run, type: 'looked', durationMs: 12 }, 'debug', { durationMs: 12 }],
  [
    { ...run, type: 'planned', steps: [{ title: 'a', dependsOn: [] }] },
    'debug',
    { steps: [{ title: 'a', dependsOn: [] }] },
  ],
  [{ ...step, type: 'step-started' }, 'debug', { step: 2, title: 'Create bucket photos' }],
  [
    { ...step, type: 'steps-added', steps: [{ step: 5, title: 'b', dependsOn: [2] }] },
    'debug',
    { step: 2, steps: [{ step: 5, title: 'b', dependsOn: [2] }] },
  ],
  [
    { ...step, parent: { step: 1, title: 'Look' }, type: 'remembered', by: 'step', notes: { lost: true } },
    'debug',
    { step: 2, parent: 1, by: 'step', notes: { lost: true } },
  ],
  [
    { ...step, type: 'step-retried', attempt: 1, waitMs: 50, error: denied },
    'warn',
    { attempt: 1, waitMs: 50, error: { kind: 'denied', code: 'AccessDenied', call: 'CreateBucket' } },
  ],
  [{ ...step, type: 'step-succeeded', durationMs: 3 }, 'debug', { durationMs: 3 }],
  [{ ...step, type: 'step-failed', durationMs: 3, error: denied }, 'warn', { error: { kind: 'denied' } }],
  [{ ...step, type: 'undo-started' }, 'debug', { step: 2 }],
  [{ ...step, type: 'step-resumed' }, 'debug', { step: 2 }],
  [
    { ...step, type: 'undo-retried', attempt: 7, waitMs: 5_000, error: denied },
    'warn',
    { attempt: 7, waitMs: 5_000, error: { code: 'AccessDenied' } },
  ],
  [
    { ...run, type: 'operation-goes-on', undoing: ['a'], finishing: [], error: denied },
    'warn',
    { undoing: ['a'], finishing: [], error: { kind: 'denied' } },
  ],
  [
    { ...run, type: 'answered', delivered: true, then: ['Delete key A'] },
    'debug',
    { msg: 'answered', then: ['Delete key A'] },
  ],
  [
    { ...run, type: 'answered', delivered: false, then: ['Withdraw key A'] },
    'info',
    { msg: 'answer not delivered', then: ['Withdraw key A'] },
  ],
  [{ ...step, type: 'undo-succeeded', durationMs: 3 }, 'debug', { durationMs: 3 }],
  [{ ...step, type: 'undo-failed', durationMs: 3, error: denied }, 'warn', { error: { kind: 'denied' } }],
  [{ ...run, type: 'register-failed', during: 'release', error: denied }, 'error', { during: 'release' }],
  [
    { ...run, type: 'operation-ended', state: 'succeeded', durationMs: 9 },
    'info',
    { state: 'succeeded', durationMs: 9 },
  ],
  [
    { ...run, type: 'operation-ended', state: 'rolled-back', durationMs: 9, error: denied },
    'info',
    { state: 'rolled-back', error: { kind: 'denied' } },
  ],
  [{ ...run, type: 'operation-ended', state: 'failed', durationMs: 9, error: denied }, 'info', { state: 'failed' }],
  [
    { ...run, type: 'operation-ended', state: 'failed', durationMs: 9, error: denied, left: ['Delete user ada'] },
    'error',
    { state: 'failed', left: ['Delete user ada'] },
  ],
  [
    { ...run, type: 'operation-ended', state: 'rollback-failed', durationMs: 9, error: denied, left: ['Create group'] },
    'error',
    { state: 'rollback-failed' },
  ],
  [
    { ...run, type: 'operation-ended', state: 'failed', durationMs: 9, error: { kind: 'unforeseen', detail: 'x' } },
    'error',
    { state: 'failed' },
  ],
];

test.each(events.map(([event, level, fields]) => [event.type, level, event, fields] as const))(
  '%s is logged at %s',
  (_type, level, event, fields) => {
    const { log, lines } = collect();
    logEngineEvents(log)(event);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level, operationId: 'op-1', kind: 'create-bucket', ...fields });
  },
);

test('the start of an operation says whose token it was for; one of the service itself has none', async () => {
  const { log, lines } = collect();
  const started = { ...run, type: 'operation-started', title: 'Create bucket photos', claims: [] } as const;
  await withRequest({ requestId: 'http-1', tokenId: 'portal' }, () => logEngineEvents(log)(started));
  logEngineEvents(log)(started);
  expect(lines.map(({ requestId, tokenId }) => [requestId, tokenId])).toEqual([
    ['http-1', 'portal'],
    [undefined, undefined],
  ]);
});

test('a domain error keeps its setting and, for the log alone, its cause', () => {
  expect(domainErrorFields({ kind: 'misconfigured', detail: 'd', setting: 'accounts.demo.role' })).toEqual({
    kind: 'misconfigured',
    detail: 'd',
    setting: 'accounts.demo.role',
  });
  const { log, lines } = collect();
  log.error({ error: domainErrorFields({ kind: 'unforeseen', detail: 'd', cause: new TypeError('why') }) }, 'x');
  expect(lines[0]).toMatchObject({ error: { kind: 'unforeseen', cause: { type: 'TypeError', message: 'why' } } });
});

describe('AWS calls', () => {
  const call = {
    service: 's3',
    operation: 'CreateBucket',
    outcome: 'ok',
    durationMs: 12,
    accountName: 'demo',
    requestId: 'aws-1',
  } as const;

  test("are lines at debug with AWS's request id beside ours", async () => {
    const { log, lines } = collect('debug');
    await withRequest({ requestId: 'http-1' }, () => logAwsCalls(log)(call));
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'debug',
        service: 's3',
        operation: 'CreateBucket',
        requestId: 'http-1',
        awsRequestId: 'aws-1',
      }),
    ]);
  });

  test('without an id of AWS', () => {
    const { log, lines } = collect('debug');
    const { requestId: _, ...silent } = call;
    logAwsCalls(log)(silent);
    expect(lines[0]).not.toHaveProperty('awsRequestId');
  });

  test('cost nothing above debug', () => {
    const { log, lines } = collect('info');
    logAwsCalls(log)(call);
    expect(lines).toEqual([]);
  });
});
