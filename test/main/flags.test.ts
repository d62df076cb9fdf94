import { type Flags, HELP, parseFlags } from '../../src/main/flags';

const nothing: Flags = {
  config: undefined,
  listen: undefined,
  check: 'no',
  sandbox: false,
  sandboxData: undefined,
  version: false,
  help: false,
};

test.each<[string, Partial<Flags>]>([
  ['', {}],
  ['--config a.json', { config: 'a.json' }],
  ['--config=a.json', { config: 'a.json' }],
  ['-config a.json', { config: 'a.json' }],
  ['-config=a.json', { config: 'a.json' }],
  ['--listen 127.0.0.1:0', { listen: { host: '127.0.0.1', port: 0 } }],
  ['--listen :8080', { listen: { host: undefined, port: 8080 } }],
  ['--listen [::1]:8080', { listen: { host: '::1', port: 8080 } }],
  ['--config a --check', { config: 'a', check: 'config' }],
  ['--check --config a', { config: 'a', check: 'config' }],
  ['--check=live --config a', { config: 'a', check: 'live' }],
  ['--sandbox', { sandbox: true }],
  ['--sandbox --sandbox-data d', { sandbox: true, sandboxData: 'd' }],
  ['--version', { version: true }],
  ['-version', { version: true }],
  ['--help', { help: true }],
  ['-h', { help: true }],
])('%j', (line, expected) => {
  expect(parseFlags(line === '' ? [] : line.split(' '), {})).toEqual({ ok: true, flags: { ...nothing, ...expected } });
});

test.each([
  ['--bogus', /--bogus/],
  ['a.json', /a\.json/],
  ['--config', /config/],
  ['--config=', /name of a file/],
  ['--listen 8080', /HOST:PORT/],
  ['--listen :99999', /HOST:PORT/],
  ['--check=dead', /--check=live/],
  ['--sandbox=yes', /sandbox/],
  ['--sandbox-data d', /--sandbox only/],
  ['--sandbox --check=live', /does not go with/],
])('%j is refused', (line, message) => {
  expect(parseFlags(line.split(' '), {})).toEqual({ ok: false, message: expect.stringMatching(message) });
});

test('MALLARD_CONFIG names the file where no flag does; empty is unset', () => {
  const config = (args: readonly string[], value: string): string | undefined => {
    const parsed = parseFlags(args, { MALLARD_CONFIG: value });
    return parsed.ok ? parsed.flags.config : 'refused';
  };
  expect(config([], 'env.json')).toBe('env.json');
  expect(config(['--config', 'flag.json'], 'env.json')).toBe('flag.json');
  expect(config([], '')).toBeUndefined();
});

test('the help names every flag', () => {
  for (const flag of [
    '--config',
    '--listen',
    '--check',
    '--check=live',
    '--sandbox',
    '--sandbox-data',
    '--version',
    '--help',
    'MALLARD_CONFIG',
  ])
    expect(HELP).toContain(flag);
});
