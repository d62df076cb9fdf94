import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Clock, systemClock } from '../../src/base/clock';
import * as sandboxModule from '../../src/sandbox/index';
import { endless, file, folder, plain, start, stubApp } from '../support/program';

/** What curl says of a body given with -d. */
const curl = { 'Content-Type': 'application/x-www-form-urlencoded' };

describe('without serving', () => {
  test('--version', async () => {
    const program = start(['--version']);
    expect(await program.code).toBe(0);
    expect(program.stdout()).toBe('mallard 1.2.3 (abc, built 2026-01-01T00:00:00Z)\n');
  });

  test('--help', async () => {
    const program = start(['--help']);
    expect(await program.code).toBe(0);
    expect(program.stdout()).toMatch(/^Usage: mallard/);
  });

  test.each([
    [[], /no configuration: name one with --config FILE or MALLARD_CONFIG, or try the service with --sandbox/],
    [['--nonsense'], /--nonsense/],
    [['--sandbox', '--listen', ':0'], /loopback/],
    [['--sandbox', '--listen', '0.0.0.0:0'], /loopback/],
  ])('%j: 64, with a word on how to go on', async (args, message) => {
    const program = start(args);
    expect(await program.code).toBe(64);
    expect(program.stderr()).toMatch(message);
    expect(program.stdout()).toBe('');
  });

  test('a configuration with mistakes: 78, every mistake on a line', async () => {
    const program = start(['--config', file('bad.json', { ...plain, org: 1, listenAdress: ':80' })]);
    expect(await program.code).toBe(78);
    expect(program.stderr()).toMatch(
      /bad\.json is not a valid configuration:\n {2}\/\w+: found .*\n {2}\/\w+: found .*\n$/,
    );
  });

  test.each([['--check'], []])('the SHA-256 of nothing as a token: 78 (%j)', async (...args) => {
    const sha256 = createHash('sha256').digest('hex');
    const { token: _token, ...rest } = plain;
    const program = start(
      ['--config', file('nothing.json', { ...rest, tokens: [{ id: 'portal', sha256: { env: 'PORTAL' } }] }), ...args],
      { PORTAL: sha256 },
    );
    expect(await program.code).toBe(78);
    expect(program.stderr()).toContain('/tokens/0/sha256: found the SHA-256 of an empty text');
  });

  test('a configuration that is not there: 78', async () => {
    const program = start([], { MALLARD_CONFIG: join(folder, 'absent.json') });
    expect(await program.code).toBe(78);
    expect(program.stderr()).toContain('ENOENT');
  });

  test('a sandbox for a file that listens everywhere: 78', async () => {
    expect(await start(['--sandbox', '--config', file('open.json', { ...plain, listenAddress: ':0' })]).code).toBe(78);
  });

  test('--check says that the file is valid', async () => {
    const path = file('good.json', plain);
    const program = start(['--check', '--config', path]);
    expect(await program.code).toBe(0);
    expect(program.stdout().startsWith(`${path} is valid: accounts demo\n\nlistens on `)).toBe(true);
    expect(program.stdout()).toMatch(/^account demo\n {2}id {12}111111111111\n/m);
  });

  test('--check --sandbox checks what the sandbox would run with', async () => {
    const program = start(['--check', '--sandbox']);
    expect(await program.code).toBe(0);
    expect(
      program
        .stdout()
        .startsWith('config/sandbox.json is valid: accounts demo\n\nlistens on     127.0.0.1, port 8080\n'),
    ).toBe(true);
    expect(program.stderr()).toBe('');
  });
});

describe('--check=live asks AWS in every account', () => {
  test('and says one line each, good or bad', async () => {
    const sandbox = await sandboxModule.startSandbox({
      accounts: [
        { id: '111111111111', accessKeyId: 'AKIAONE', secretAccessKey: 'one' },
        { id: '222222222222', accessKeyId: 'AKIATWO', secretAccessKey: 'two' },
      ],
    });
    try {
      const settings = { region: 'us-east-1', endpoint: sandbox.endpoint };
      const good = {
        right: { ...settings, id: '111111111111', akid: 'AKIAONE', secret: 'one' },
        store: { ...settings, akid: 'AKIATWO', secret: 'two', iam: false },
      };
      const passing = start(['--check=live', '--config', file('live.json', { ...plain, accounts: good })]);
      expect(await passing.code).toBe(0);
      expect(passing.stdout()).toMatch(
        /right: ok, arn:aws:iam::111111111111:root, by access keys of the configuration\nstore: ok, the store answers, by access keys of the configuration\n$/,
      );

      const bad = {
        ...good,
        other: { ...settings, id: '333333333333', akid: 'AKIATWO', secret: 'two' },
        unknown: { ...settings, id: '444444444444', akid: 'AKIANONE', secret: 'hush' },
      };
      const failing = start(['--check=live', '--config', file('dead.json', { ...plain, accounts: bad })]);
      expect(await failing.code).toBe(69);
      expect(failing.stdout()).toMatch(/right: ok/);
      expect(failing.stdout()).toMatch(
        /other: wrong account, the credentials are arn:aws:iam::222222222222:root in 222222222222 by access keys of the configuration, configured is 333333333333\n/,
      );
      expect(failing.stdout()).toMatch(/unknown: \w+, .*InvalidClientTokenId/);
      expect(failing.stdout()).not.toContain('hush');
    } finally {
      await sandbox.stop();
    }
  });

  test('an environment that no client can be made from is said, too', async () => {
    const program = start(['--check=live', '--config', file('proxy.json', plain)], {
      AWS_CA_BUNDLE: join(folder, 'absent.pem'),
    });
    expect(await program.code).toBe(78);
    expect(program.stderr()).toContain('AWS_CA_BUNDLE');
    const serving = start(['--config', file('proxy.json', plain)], { AWS_CA_BUNDLE: join(folder, 'absent.pem') });
    expect(await serving.code).toBe(78);
    expect(serving.stderr()).toContain('AWS_CA_BUNDLE');
  });
});

describe('serving on the sandbox', () => {
  test('logs the bound address, prints three calls that work, drains on SIGTERM', async () => {
    const program = start(['--sandbox', '--listen', '127.0.0.1:0']);
    expect(await program.code).toBeUndefined();
    const listening = program.lines().filter(({ msg }) => msg === 'listening');
    expect(listening).toEqual([
      expect.objectContaining({
        level: 'info',
        address: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
        version: '1.2.3',
        sandbox: true,
      }),
    ]);

    const banner = program.stderr();
    const token = /token {4}([0-9a-f]{64})/.exec(banner)?.[1] ?? '';
    const calls = [...banner.matchAll(/^curl -sS (-X POST )?-H 'X-Auth-Token: (\w+)' (\S+)(?: -d '(.*)')?$/gm)];
    expect(calls).toHaveLength(3);
    expect(banner).toContain('account  demo, domain example.org');
    const statuses: number[] = [];
    for (const [, post, header, url, body] of calls) {
      expect(header).toBe(token);
      const response = await fetch(url ?? '', {
        method: post ? 'POST' : 'GET',
        headers: { 'X-Auth-Token': token, ...curl },
        ...(body !== undefined && { body }),
      });
      statuses.push(response.status);
    }
    expect(statuses).toEqual([202, 200, 200]);

    program.signal('SIGHUP');
    expect(program.line('the sandbox keeps the configuration it was started with')).toBeDefined();
    program.signal('SIGTERM');
    expect(await program.exited).toBe(0);
    expect(program.line('draining')).toMatchObject({ signal: 'SIGTERM' });
    expect(program.line('stopped')).toBeDefined();
    expect(program.stdout()).toBe('');
    expect(JSON.stringify(program.lines())).not.toContain(token);
  });

  test('a chosen token, a kept state, operations included', async () => {
    const args = ['--sandbox', '--listen', '127.0.0.1:0', '--sandbox-data', join(folder, 'data')];
    const names: unknown[] = [];
    let operation = '';
    for (const method of ['POST', 'GET']) {
      const program = start(args, { MALLARD_SANDBOX_TOKEN: 'chosen' });
      await program.code;
      const url = `http://${String(program.line('listening')?.['address'])}/v1/s3/demo/buckets`;
      const body = method === 'POST' ? { body: JSON.stringify({ BucketInput: { Bucket: 'kept-bucket' } }) } : {};
      const response = await fetch(url, { method, headers: { 'X-Auth-Token': 'chosen', ...curl }, ...body });
      names.push(await response.json());
      operation ||= response.headers.get('X-Operation-Id') ?? '';
      const shown = await fetch(url.replace('buckets', `operations/${operation}`), {
        headers: { 'X-Auth-Token': 'chosen', ...curl },
      });
      expect(await shown.json()).toMatchObject({ kind: 'create-bucket', state: 'succeeded' });
      program.signal('SIGINT');
      expect(await program.exited).toBe(0);
    }
    expect(names[1]).toEqual(['kept-bucket']);
  });

  test('a sandbox that is not in this build: 69 and said', async () => {
    const program = start(
      ['--sandbox', '--listen', '127.0.0.1:0'],
      {},
      { loadSandbox: () => Promise.reject(new Error('no sandbox here')) },
    );
    expect(await program.code).toBe(69);
    expect(program.stderr()).toBe('mallard: could not start: no sandbox here\n');
    expect(program.line('could not start')).toMatchObject({ level: 'fatal', err: { message: 'no sandbox here' } });
  });
});

describe('serving a configuration', () => {
  test('with plain log levels: the listening line is there at error, too, and no banner', async () => {
    const program = start(['--config', file('quiet.json', { ...plain, logLevel: 'error' })]);
    expect(await program.code).toBeUndefined();
    expect(program.lines().map(({ msg }) => msg)).toEqual(['listening']);
    expect(program.stderr()).toBe('');
    program.signal('SIGTERM');
    expect(await program.exited).toBe(0);
  });

  test('silent is silent', async () => {
    const program = start(['--config', file('silent.json', { ...plain, logLevel: 'silent' })], {}, stubApp());
    await program.code;
    expect(program.lines()).toEqual([]);
  });

  test('warns at start of tokens that are weak, or have expired by now', async () => {
    const sha256 = createHash('sha256').update('a token').digest('hex');
    const { token: _token, ...rest } = plain;
    const clock: Clock = { ...endless, now: () => Date.parse('2030-01-01T00:00:00Z') };
    const old = start(
      ['--config', file('expired.json', { ...rest, tokens: [{ id: 'portal', sha256, expires: '2030-01-01' }] })],
      {},
      { ...stubApp(), clock },
    );
    await old.code;
    expect(old.lines().filter(({ level }) => level === 'warn')).toMatchObject([
      { setting: 'tokens.0.expires', msg: expect.stringContaining('"portal" has expired') },
    ]);

    const short = start(['--config', file('short.json', { ...plain, token: 'c4n4ry' })], {}, stubApp());
    await short.code;
    expect(short.lines().filter(({ level }) => level === 'warn')).toMatchObject([
      { setting: 'token', msg: expect.stringContaining('6 characters') },
    ]);
    expect(JSON.stringify(short.lines())).not.toContain('c4n4ry');
  });

  test('an address that is taken: 69', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    try {
      const program = start(['--config', file('taken.json', plain), '--listen', `127.0.0.1:${port}`]);
      expect(await program.code).toBe(69);
      expect(program.stderr()).toContain('EADDRINUSE');
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
  });

  test('leaves with 0 when the grace is over, and tells what it leaves behind', async () => {
    const sleeps: number[] = [];
    const clock: Clock = {
      ...systemClock,
      sleep: (ms) => {
        sleeps.push(ms);
        return Promise.resolve();
      },
    };
    const unfinished = [
      {
        operationId: 'op-1',
        kind: 'create-bucket',
        title: 'Create bucket photos',
        left: ['Create group photos-BktAdmGrp'],
      },
      { operationId: 'op-2', kind: 'create-bucket', title: 'Create bucket videos', left: [] },
    ];
    const program = start(
      ['--config', file('grace.json', { ...plain, shutdownGraceSeconds: 7 })],
      {},
      { ...stubApp({ stop: () => new Promise(() => undefined), leftBehind: () => unfinished }), clock },
    );
    await program.code;
    program.signal('SIGTERM');
    expect(await program.exited).toBe(0);
    expect(sleeps).toEqual([7000]);
    expect(program.line('the grace is over; what still runs is left behind')).toMatchObject({ level: 'warn' });
    const leftBehind = program.lines().filter(({ msg }) => msg === 'operation left behind');
    expect(leftBehind).toMatchObject([
      {
        level: 'error',
        operationId: 'op-1',
        kind: 'create-bucket',
        title: 'Create bucket photos',
        left: ['Create group photos-BktAdmGrp'],
      },
      { level: 'warn', operationId: 'op-2', left: [] },
    ]);
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('a second signal, %s, ends it at once', async (signal, code) => {
    const program = start(
      ['--config', file('second.json', plain)],
      {},
      stubApp({ stop: () => new Promise(() => undefined) }),
    );
    await program.code;
    program.signal('SIGTERM');
    program.signal(signal);
    expect(await program.exited).toBe(code);
  });

  test('an app that cannot stop: 70', async () => {
    const program = start(
      ['--config', file('stuck.json', plain)],
      {},
      stubApp({ stop: () => Promise.reject(new Error('stuck')) }),
    );
    await program.code;
    program.signal('SIGTERM');
    expect(await program.exited).toBe(70);
    expect(program.line('could not stop')).toMatchObject({ level: 'fatal', err: { message: 'stuck' } });
  });

  test('what nobody caught: logged as fatal, 70', async () => {
    const program = start(['--config', file('crash.json', plain)], {}, stubApp());
    await program.code;
    program.crash(new TypeError('bug'));
    expect(await program.exited).toBe(70);
    expect(program.line('crashed')).toMatchObject({ level: 'fatal', err: { type: 'TypeError', message: 'bug' } });
  });

  test('SIGHUP takes over a valid file, and a bad one changes nothing', async () => {
    const app = stubApp();
    const path = file('reload.json', plain);
    const program = start(['--config', path], {}, app);
    await program.code;

    file('reload.json', { ...plain, org: 5, token: 'c4n4ry' });
    program.signal('SIGHUP');
    expect(app.reloads).toEqual([]);
    expect(program.line('the new configuration is not valid; the old one stays')).toMatchObject({
      level: 'error',
      problems: [expect.stringContaining('/org')],
    });
    expect(JSON.stringify(program.lines())).not.toContain('c4n4ry');

    file('reload.json', { ...plain, logLevel: 'error', org: 'other' });
    program.signal('SIGHUP');
    expect(app.reloads).toEqual([expect.objectContaining({ org: 'other' })]);

    file('reload.json', {
      ...plain,
      logLevel: 'info',
      listenAddress: '127.0.0.1:1',
      operations: { store: 'file', path: '/x' },
    });
    program.signal('SIGHUP');
    expect(app.reloads).toHaveLength(2);
    expect(program.line('configuration reloaded')).toMatchObject({ accounts: ['demo'], tokenCount: 1 });
    expect(
      program
        .lines()
        .filter(({ level }) => level === 'warn')
        .map(({ setting }) => setting),
    ).toEqual(['listenAddress', 'operations']);
  });

  test('a reload that the app refuses is logged', async () => {
    const program = start(
      ['--config', file('refused.json', plain)],
      {},
      stubApp({
        reload: () => {
          throw new Error('no');
        },
      }),
    );
    await program.code;
    program.signal('SIGHUP');
    expect(program.line('the new configuration could not be taken over')).toMatchObject({
      level: 'error',
      err: { message: 'no' },
    });
  });
});
