import type { EngineEvent } from '../../src/engine/events';
import { createMetrics, type Metrics } from '../../src/observability/metrics';

const run = { operationId: 'op-1', kind: 'create-bucket', at: 0 };
const step = { ...run, step: 0, title: 'Create bucket cAnArY-name' };
const make = (): Metrics => createMetrics({ version: '1.2.3', githash: 'abc' });
const page = async (metrics: Metrics): Promise<string> => (await metrics.render()).body;

test('HTTP requests by template, method and status', async () => {
  const metrics = make();
  metrics.observeHttp({ route: '/v1/s3/{account}/buckets', method: 'GET', status: 200, seconds: 0.02 });
  metrics.observeHttp({ route: undefined, method: 'BREW', status: 404, seconds: 0.02 });
  const body = await page(metrics);
  expect(body).toContain(
    'mallard_http_request_duration_seconds_count{route="/v1/s3/{account}/buckets",method="GET",status="200"} 1',
  );
  expect(body).toContain(
    'mallard_http_request_duration_seconds_bucket{le="0.025",route="/v1/s3/{account}/buckets",method="GET",status="200"} 1',
  );
  expect(body).toContain(
    'mallard_http_request_duration_seconds_bucket{le="0.01",route="/v1/s3/{account}/buckets",method="GET",status="200"} 0',
  );
  expect(body).toContain(
    'mallard_http_request_duration_seconds_count{route="unmatched",method="other",status="404"} 1',
  );
});

test('AWS calls by service, operation and outcome, in seconds; throttles counted', async () => {
  const metrics = make();
  const call = { service: 's3', operation: 'CreateBucket', durationMs: 1500, accountName: 'cAnArY-name' } as const;
  metrics.onAwsCall({ ...call, outcome: 'ok' });
  metrics.onAwsCall({ ...call, outcome: 'throttled', code: 'SlowDown' });
  const body = await page(metrics);
  expect(body).toContain(
    'mallard_aws_call_duration_seconds_sum{service="s3",operation="CreateBucket",outcome="ok"} 1.5',
  );
  expect(body).toContain('mallard_aws_throttles_total{service="s3",operation="CreateBucket"} 1');
});

test('calls to the store of operations by store, call and outcome, in seconds', async () => {
  const metrics = make();
  metrics.onStoreCall({ store: 's3', call: 'put', outcome: 'conflict', durationMs: 50 });
  const body = await page(metrics);
  const labels = 'store="s3",call="put",outcome="conflict"';
  expect(body).toContain(`mallard_store_request_duration_seconds_sum{${labels}} 0.05`);
  expect(body).toContain(`mallard_store_request_duration_seconds_bucket{le="0.1",${labels}} 1`);
  expect(body).toContain(`mallard_store_request_duration_seconds_bucket{le="0.025",${labels}} 0`);
});

test('plans by kind and outcome, steps running, rollbacks', async () => {
  const metrics = make();
  const tell = (...events: readonly EngineEvent[]): void => events.forEach((event) => metrics.onEngineEvent(event));
  tell(
    { ...run, type: 'operation-started', title: 'x', claims: [] },
    { ...step, type: 'step-started' },
    { ...step, type: 'step-started' },
    { ...step, type: 'step-started' },
  );
  expect(await page(metrics)).toContain('mallard_plan_steps_running 3');
  tell(
    { ...step, type: 'step-succeeded', durationMs: 1 },
    { ...step, type: 'step-failed', durationMs: 1, error: { kind: 'denied', detail: 'x' } },
  );
  expect(await page(metrics)).toContain('mallard_plan_steps_running 1');
  tell(
    { ...run, type: 'operation-ended', state: 'succeeded', durationMs: 2000 },
    { ...run, type: 'operation-ended', state: 'failed', durationMs: 1 },
    { ...run, type: 'operation-ended', state: 'rolled-back', durationMs: 1 },
    { ...run, type: 'operation-ended', state: 'rollback-failed', durationMs: 1 },
  );
  const body = await page(metrics);
  expect(body).toContain('mallard_plan_duration_seconds_sum{kind="create-bucket",outcome="succeeded"} 2');
  expect(body).toContain('mallard_plan_rollbacks_total{kind="create-bucket",outcome="rolled-back"} 1');
  expect(body).toContain('mallard_plan_rollbacks_total{kind="create-bucket",outcome="rollback-failed"} 1');
  expect(body).not.toContain('mallard_plan_rollbacks_total{kind="create-bucket",outcome="failed"}');
});

test('operations that go on in the background, until their end', async () => {
  const metrics = make();
  const goesOn = {
    ...run,
    type: 'operation-goes-on',
    undoing: ['x'],
    finishing: [],
    error: { kind: 'denied', detail: 'x' },
  } as const;
  expect(await page(metrics)).toContain('mallard_plan_background_running 0');
  metrics.onEngineEvent(goesOn);
  metrics.onEngineEvent({ ...goesOn, operationId: 'op-2' });
  metrics.onEngineEvent({ ...step, type: 'step-resumed' });
  metrics.onEngineEvent({ ...run, type: 'operation-ended', state: 'rolled-back', durationMs: 1, wentOn: true });
  metrics.onEngineEvent({ ...run, operationId: 'op-3', type: 'operation-ended', state: 'rolled-back', durationMs: 1 });
  expect(await page(metrics)).toContain('mallard_plan_background_running 1');
  expect(await page(metrics)).toContain('mallard_plan_steps_running 1');
});

test('auth failures by reason, there from the start', async () => {
  const metrics = make();
  expect(await page(metrics)).toContain('mallard_auth_failures_total{reason="wrong"} 0');
  metrics.authFailure('wrong');
  expect(await page(metrics)).toContain('mallard_auth_failures_total{reason="wrong"} 1');
});

test('connections that are open, and why those that were ended were, there from the start', async () => {
  const metrics = make();
  const reasons = [
    'timeout',
    'malformed',
    'unread',
    'made-room',
    'made-room-address',
    'refused',
    'refused-address',
  ] as const;
  const before = await page(metrics);
  for (const reason of reasons) expect(before).toContain(`mallard_http_connections_closed_total{reason="${reason}"} 0`);
  metrics.connectionsOpen(7);
  metrics.connectionClosed('refused');
  const body = await page(metrics);
  expect(body).toContain('mallard_http_connections_open 7');
  expect(body).toContain('mallard_http_connections_closed_total{reason="refused"} 1');
});

test('the build, and what Node tells', async () => {
  const { contentType, body } = await make().render();
  expect(contentType).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(body).toContain(`mallard_build_info{version="1.2.3",githash="abc",node="${process.versions.node}"} 1`);
  expect(body).toContain('process_resident_memory_bytes');
  expect(body).toContain('nodejs_eventloop_lag_seconds');
});

test('two sets do not share anything', async () => {
  const [one, other] = [make(), make()];
  one.authFailure('missing');
  expect(await page(other)).toContain('mallard_auth_failures_total{reason="missing"} 0');
});

test('no label holds what a caller chose; names carry prefix and unit', async () => {
  const metrics = make();
  metrics.observeHttp({ route: '/v1/s3/{account}/buckets/{bucket}', method: 'cAnArY-name', status: 200, seconds: 1 });
  metrics.onAwsCall({
    service: 'iam',
    operation: 'GetUser',
    outcome: 'ok',
    durationMs: 1,
    accountName: 'cAnArY-name',
    requestId: 'cAnArY-name',
    code: 'cAnArY-name',
  });
  metrics.onEngineEvent({ ...step, operationId: 'cAnArY-name', type: 'step-started' });
  metrics.onEngineEvent({
    ...run,
    operationId: 'cAnArY-name',
    type: 'operation-ended',
    state: 'succeeded',
    durationMs: 1,
  });
  const body = await page(metrics);
  expect(body).not.toContain('cAnArY');
  const own = [...body.matchAll(/^# TYPE (\S+)/gm)]
    .map(([, name]) => name ?? '')
    .filter((name) => !/^(process|nodejs)_/.test(name));
  expect(own).toHaveLength(18);
  for (const name of own) expect(name).toMatch(/^mallard_.+(_seconds|_total|_info|_running|_open|_pending)$/);
});
