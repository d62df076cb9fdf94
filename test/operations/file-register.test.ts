import { entriesOf } from '../support/entries';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { toDomainError } from '../../src/base/errors';
import type { JsonValue } from '../../src/base/json';
import { secret } from '../../src/base/secret';
import { type FileRegister, openFileRegister } from '../../src/operations/file/register';
import { describeRegisterContract } from './register-contract';

const base = mkdtempSync(join(tmpdir(), 'mallard-ops-'));
const opened: FileRegister[] = [];
let folders = 0;

const newFolder = (): string => join(base, String((folders += 1)));
async function open(path: string): Promise<FileRegister> {
  const register = await openFileRegister(path);
  opened.push(register);
  return register;
}
async function close(register: FileRegister): Promise<void> {
  opened.splice(opened.indexOf(register), 1);
  await register.close();
}
const refusal = async (path: string): Promise<string> => {
  const thrown: unknown = await open(path).then(
    () => undefined,
    (error: unknown) => error,
  );
  const error = toDomainError(thrown);
  expect(error).toMatchObject({ kind: 'misconfigured', setting: 'operations.path' });
  expect(error.detail).toContain(path);
  return error.detail;
};

afterEach(async () => {
  for (const register of opened.splice(0)) await register.close();
});
afterAll(() => rmSync(base, { recursive: true }));

describeRegisterContract('file', () => open(newFolder()));
describeRegisterContract('file, what has ended', () => open(newFolder()), { below: 'done/demo/' });

test('what was written is there when the folder is opened again, under new versions or the same', async () => {
  const path = newFolder();
  const first = await open(path);
  const long = `claims/demo/${'x'.repeat(300)}`;
  for (const key of ['claims/demo/bucket/Photos', 'ä', long]) await first.put(key, { of: key }, { ifAbsent: true });
  await first.put('gone', 1, { ifAbsent: true });
  await first.delete('gone', { ifMatch: (await first.get('gone'))?.version ?? '' });
  await close(first);

  const second = await open(path);
  expect((await entriesOf(second)).map(({ key, value }) => [key, value])).toEqual(
    ['claims/demo/bucket/Photos', long, 'ä'].map((key) => [key, { of: key }]),
  );
  const { version = '' } = (await second.get('ä')) ?? {};
  expect(await second.put('ä', 2, { ifMatch: version })).toMatchObject({ ok: true });
});

test('what need not outlive the process costs no file, and becomes one when it is written over to last', async () => {
  const path = newFolder();
  const register = await open(path);
  const written = await register.put('claims/a', 1, { ifAbsent: true }, false);
  await register.put('claims/b', 1, { ifAbsent: true }, false);
  const records = (): readonly string[] => readdirSync(path).filter((name) => name.endsWith('.json'));
  expect(records()).toEqual([]);
  await register.put('claims/a', 2, { ifMatch: written.ok ? written.version : '' });
  expect(records()).toHaveLength(1);
  await close(register);
  expect((await entriesOf(await open(path))).map(({ key, value }) => [key, value])).toEqual([['claims/a', 2]]);
});

test('what is written over without need to last does not come back in the next process', async () => {
  const path = newFolder();
  const register = await open(path);
  const lasting = await register.put('claims/a', 'old', { ifAbsent: true });
  const passing = await register.put('claims/a', 'new', { ifMatch: lasting.ok ? lasting.version : '' }, false);
  expect(passing).toMatchObject({ ok: true });
  expect((await register.get('claims/a'))?.value).toBe('new');
  expect(readdirSync(path).filter((name) => name.endsWith('.json'))).toEqual([]);
  await close(register);
  expect(await (await open(path)).list('')).toEqual([]);
});

test('a secret that strays into a value is not written', async () => {
  const path = newFolder();
  await (await open(path)).put('a', { key: secret('plain text') as unknown as JsonValue }, { ifAbsent: true });
  const texts = readdirSync(path)
    .filter((name) => name.endsWith('.json'))
    .map((name) => readFileSync(join(path, name), 'utf8'));
  expect(texts.join()).toContain('[secret]');
  expect(texts.join()).not.toContain('plain text');
});

test('a record cut short is refused by the name of its file, and so is what is none', async () => {
  const path = newFolder();
  const register = await open(path);
  await register.put('claims/whole', { n: 1 }, { ifAbsent: true });
  await close(register);
  const name = readdirSync(path).find((file) => file.endsWith('.json')) ?? '';
  const text = readFileSync(join(path, name), 'utf8');
  for (let length = 0; length < text.length - 1; length += 1) {
    writeFileSync(join(path, name), text.slice(0, length));
    expect(await refusal(path)).toContain(name);
  }
  writeFileSync(join(path, name), '{"key":"other","value":1}');
  expect(await refusal(path)).toContain(name);
  writeFileSync(join(path, name), text);
  expect(await (await open(path)).list('')).toHaveLength(1);
});

test('what was being written when a process ended is taken away', async () => {
  const path = newFolder();
  await close(await open(path));
  writeFileSync(join(path, '.new-7'), '{"key":"claims/a","val');
  expect(await (await open(path)).list('')).toEqual([]);
  expect(readdirSync(path)).not.toContain('.new-7');
});

test('a second opening is refused while the first lives', async () => {
  const path = newFolder();
  const first = await open(path);
  expect(await refusal(path)).toContain('another process');
  await close(first);
  await open(path);
});

test('the lock of a process that was killed is nobody’s', async () => {
  const path = newFolder();
  await close(await open(path));
  const listening = `require('node:net').createServer().listen(process.argv[1], () => console.log('on'))`;
  const other = spawn(process.execPath, ['-e', listening, join(path, '.lock')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(other.stdout, 'data');
  expect(await refusal(path)).toContain('another process');
  other.kill('SIGKILL');
  await once(other, 'close');
  expect(readdirSync(path)).toContain('.lock');
  await open(path);
});

test('a folder that cannot be used is refused with what the system says', async () => {
  writeFileSync(join(base, 'file'), '');
  expect(await refusal(join(base, 'file'))).toMatch(/EEXIST|ENOTDIR/);
  expect(await refusal(join(base, 'x'.repeat(120)))).toContain('too long');
  if (process.getuid?.() === 0) return;
  const path = newFolder();
  await close(await open(path));
  chmodSync(path, 0o500);
  expect(await refusal(path)).toContain('EACCES');
  chmodSync(path, 0o700);
});

test('a write that the disk refuses changes nothing', async () => {
  const path = newFolder();
  const register = await open(path);
  await register.put('a', 1, { ifAbsent: true });
  const { version = '' } = (await register.get('a')) ?? {};
  rmSync(path, { recursive: true });
  await expect(register.put('a', 2, { ifMatch: version })).rejects.toThrow('ENOENT');
  await expect(register.put('a', 2, { ifMatch: version })).rejects.toMatchObject({ error: { kind: 'unavailable' } });
  await expect(register.put('b', 2, { ifAbsent: true })).rejects.toThrow('ENOENT');
  expect(await register.get('a')).toMatchObject({ value: 1 });
  expect(await register.get('b')).toBeUndefined();
});
