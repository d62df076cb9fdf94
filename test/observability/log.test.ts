import { createLogger, type Log, type LogLevel } from '../../src/observability/log';
import { currentRequest, withRequest } from '../../src/observability/request-context';
import { secret } from '../../src/base/secret';

const CANARY = 'c4n4ry-Sekret';
const SIGNED_URL = `https://b.s3.amazonaws.com/k?X-Amz-Security-Token=${CANARY}&X-Amz-Credential=${CANARY}&X-Amz-Signature=${CANARY}&x-id=GetObject`;

function logTo(level: LogLevel = 'trace'): {
  readonly log: Log;
  readonly text: () => string;
  readonly lines: () => readonly Record<string, unknown>[];
} {
  const written: string[] = [];
  const log = createLogger({ level, destination: { write: (line) => written.push(line) } });
  const text = (): string => written.join('');
  return {
    log,
    text,
    lines: () =>
      text()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

describe('lines', () => {
  test('are one JSON object each, with level, ISO time and message', () => {
    const { log, text, lines } = logTo();
    log.info({ status: 200 }, 'request');
    expect(text().endsWith('\n')).toBe(true);
    expect(lines()).toEqual([
      { level: 'info', time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/), status: 200, msg: 'request' },
    ]);
  });

  test('may be a message alone, or an error alone', () => {
    const { log, lines } = logTo();
    log.warn('careful');
    log.error(new Error('boom'), 'failed');
    expect(lines()[0]).toMatchObject({ level: 'warn', msg: 'careful' });
    expect(lines()[1]).toMatchObject({ level: 'error', msg: 'failed', err: { type: 'Error', message: 'boom' } });
  });

  test('do not interpolate', () => {
    const { log, lines } = logTo();
    log.info({ a: 1 }, '100 %s %j');
    expect(lines()[0]).toMatchObject({ msg: '100 %s %j' });
  });

  test('below the level are not written; a new level reaches children made before', () => {
    const { log, lines } = logTo('info');
    const child = log.child({ part: 'x' });
    child.debug('no');
    log.trace('no');
    expect(child.isEnabled('debug')).toBe(false);
    log.setLevel('debug');
    child.debug('yes');
    expect(log.isEnabled('debug')).toBe(true);
    log.setLevel('silent');
    log.fatal('no');
    expect(lines()).toEqual([expect.objectContaining({ level: 'debug', part: 'x', msg: 'yes' })]);
  });

  test('of children carry their fields, of grandchildren both', () => {
    const { log, lines } = logTo();
    log.child({ a: 1 }).child({ b: 2 }).info({ c: 3 }, 'x');
    expect(lines()[0]).toMatchObject({ a: 1, b: 2, c: 3 });
  });

  test('flush and fatal reach the destination', () => {
    let flushed = 0;
    const log = createLogger({ level: 'info', destination: { write: () => undefined, flushSync: () => flushed++ } });
    log.flush();
    expect(flushed).toBe(1);
    log.fatal('x');
    expect(flushed).toBe(2);
  });
});

describe('request ids', () => {
  test('are on every line written for the request, awaited work and timers included', async () => {
    const { log, lines } = logTo();
    const serve = (id: string): Promise<void> =>
      withRequest({ requestId: id }, async () => {
        log.info('start');
        await new Promise((resolve) => setImmediate(resolve));
        log.child({ deep: true }).info('later');
        expect(currentRequest()).toEqual({ requestId: id });
      });
    await Promise.all([serve('a'), serve('b')]);
    log.info('outside');
    expect(lines().map(({ requestId, msg }) => [requestId, msg])).toEqual([
      ['a', 'start'],
      ['b', 'start'],
      ['a', 'later'],
      ['b', 'later'],
      [undefined, 'outside'],
    ]);
    expect(currentRequest()).toBeUndefined();
    // It was switched off with the last of them, and works again for the next.
    await withRequest({ requestId: 'c' }, async () => expect(currentRequest()).toEqual({ requestId: 'c' }));
    await expect(withRequest({ requestId: 'd' }, () => Promise.reject(new Error('x')))).rejects.toThrow('x');
    expect(currentRequest()).toBeUndefined();
  });
});

describe('redaction: the canary appears in no line', () => {
  const cyclic: Record<string, unknown> = { name: 'x' };
  cyclic['self'] = cyclic;
  const withMembers = Object.assign(
    new Error('refused', { cause: Object.assign(new Error('inner'), { token: CANARY }) }),
    {
      code: 'ECONNRESET',
      config: { headers: { 'X-Auth-Token': CANARY } },
    },
  );

  test.each<[string, object]>([
    ['a token', { token: CANARY }],
    [
      'a header, as Node spells it',
      { req: { headers: { 'x-auth-token': CANARY, authorization: `Bearer ${CANARY}`, cookie: CANARY } } },
    ],
    [
      'a header, as people spell it',
      { headers: { 'X-Auth-Token': CANARY, 'X-Amz-Security-Token': CANARY, 'Proxy-Authorization': CANARY } },
    ],
    ['raw headers', { rawHeaders: ['X-Auth-Token', CANARY] }],
    ['an access key as AWS answers it', { AccessKey: { AccessKeyId: 'AKIA1', SecretAccessKey: CANARY } }],
    [
      'credentials of the SDK',
      { credentials: { accessKeyId: 'AKIA1', secretAccessKey: CANARY, sessionToken: CANARY } },
    ],
    [
      'a configuration file',
      {
        file: {
          accounts: { demo: { secret: CANARY, 'secret-access-key': CANARY, externalId: CANARY } },
          tokens: [{ sha256: CANARY }],
        },
      },
    ],
    ['deep in arrays', { a: [{ b: [{ c: { password: CANARY, secret_access_key: CANARY } }] }] }],
    ['a secret under a secret key that is an object', { token: { value: CANARY } }],
    ['a Secret under any key', { anything: secret(CANARY), list: [secret(CANARY)] }],
    ['what toJSON gives', { thing: { toJSON: () => ({ token: CANARY }) } }],
    ['an error with members, and its cause', { err: withMembers, list: [withMembers], deeper: { error: withMembers } }],
    ['a collection of errors', { err: new AggregateError([withMembers], 'many') }],
    ['beyond the depth that is logged', { a: { b: { c: { d: { e: { f: { g: { h: { i: { j: CANARY } } } } } } } } } }],
    ['beside a cycle', { cyclic, token: CANARY }],
    ['bytes', { body: Buffer.from(CANARY) }],
    [
      'a signed URL',
      {
        url: SIGNED_URL,
        list: [SIGNED_URL.toLowerCase().replace(CANARY.toLowerCase(), CANARY)],
        parsed: new URL(SIGNED_URL),
      },
    ],
    [
      'a signed URL in a sentence, and in an error',
      {
        said: `fetch of "${SIGNED_URL}" failed`,
        err: new Error(`fetch of ${SIGNED_URL} failed`, { cause: SIGNED_URL }),
      },
    ],
    ['the fields of a signed form', { fields: { 'X-Amz-Signature': CANARY, 'x-amz-security-token': CANARY } }],
  ])('%s', (_title, fields) => {
    const { log, text, lines } = logTo();
    log.info(fields, 'x');
    log.child(fields as Record<string, unknown>).info('y');
    expect(lines()).toHaveLength(2);
    expect(text()).not.toContain(CANARY);
  });

  test('says that something was hidden, and leaves the rest alone', () => {
    const { log, lines } = logTo();
    const at = new Date(0);
    log.info(
      {
        token: CANARY,
        tokenId: 'portal',
        secret: null,
        keys: { AccessKeyId: 'AKIA1', SecretAccessKey: CANARY },
        at,
        n: [1, 'two', true, null],
      },
      'x',
    );
    expect(lines()[0]).toMatchObject({
      token: '[redacted]',
      tokenId: 'portal',
      secret: null,
      keys: { AccessKeyId: 'AKIA1', SecretAccessKey: '[redacted]' },
      at: '1970-01-01T00:00:00.000Z',
      n: [1, 'two', true, null],
    });
  });

  test('keeps what an error says: type, message, code, stack and causes', () => {
    const { log, lines } = logTo();
    log.error({ err: withMembers }, 'x');
    expect(lines()[0]).toMatchObject({
      err: {
        type: 'Error',
        message: 'refused',
        code: 'ECONNRESET',
        stack: expect.stringContaining('refused'),
        cause: { message: 'inner' },
      },
    });
  });

  test('does not change what it was given', () => {
    const { log } = logTo();
    const fields = { headers: { authorization: CANARY } };
    log.info(fields, 'x');
    expect(fields).toEqual({ headers: { authorization: CANARY } });
  });

  test('holds for names that nobody saw before, however many', () => {
    const { log, text } = logTo();
    for (let i = 0; i < 3000; i++) log.info({ [`header-${i}`]: i }, 'x');
    log.info({ 'x_AUTH-toKEN': CANARY }, 'x');
    expect(text()).not.toContain(CANARY);
  });
});
