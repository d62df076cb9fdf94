import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openFileRegister } from '../../src/operations/file/register';
import { file, folder, plain, start } from '../support/program';

/** What the program does with a folder that operations are kept in, and with what it finds there. */

const withFolder = (name: string, path: string): string =>
  file(name, { ...plain, operations: { store: 'file', path } });

test('a folder that cannot be used ends the program with 78 and what was seen', async () => {
  writeFileSync(join(folder, 'no-folder'), '');
  const program = start(['--config', withFolder('no-folder.json', join(folder, 'no-folder', 'x'))]);
  expect(await program.code).toBe(78);
  expect(program.stderr()).toContain('ENOTDIR');
});

test('a damaged record ends the program with 78 and the name of its file', async () => {
  const path = join(folder, 'damaged');
  mkdirSync(path);
  writeFileSync(join(path, 'claims%2fa.json'), '{"key":"claims/a","val');
  const program = start(['--config', withFolder('damaged.json', path)]);
  expect(await program.code).toBe(78);
  expect(program.stderr()).toContain('claims%2fa.json');
});

test('two programs cannot have one folder', async () => {
  const config = withFolder('twice.json', join(folder, 'twice'));
  const first = start(['--config', config]);
  expect(await first.code).toBeUndefined();
  const second = start(['--config', config]);
  expect(await second.code).toBe(78);
  expect(second.stderr()).toContain('another process');
});

const journal = (more: object) => ({
  operationId: 'op-of-before',
  kind: 'create-bucket',
  startedAt: '2030-01-01T00:00:00.000Z',
  title: 'Create bucket photos',
  state: 'running',
  recovery: 'forward',
  claims: ['demo/bucket/photos', 'demo/settings/photos'],
  version: 1,
  input: { target: { kind: 'account', account: 'demo', bucket: 'photos', user: '', params: {} }, input: {} },
  preImage: {},
  ...more,
});

test.each([
  ['of a kind that nobody knows', { kind: 'paint-bucket' }, 'no operation paint-bucket'],
  ['of a newer version', { version: 1_000 }, 'its version is 1000'],
  [
    'of an account that is configured no longer',
    { input: { target: { account: 'gone' }, input: {} } },
    'no account gone',
  ],
])('an operation %s is left alone, and told of', async (name, more, why) => {
  const path = join(folder, `alone ${name}`.replaceAll(' ', '-').slice(0, 24));
  const register = await openFileRegister(path);
  await register.put('claims/demo/bucket/photos', journal(more), { ifAbsent: true });
  await register.put('claims/demo/bucket/others', { operationId: 'x', kind: 'x', startedAt: 'x' }, { ifAbsent: true });
  await register.close();

  const program = start(['--config', withFolder('alone.json', path)]);
  expect(await program.code).toBeUndefined();
  while (!program.line('operation of a former process is left alone'))
    await new Promise((resolve) => setImmediate(resolve));
  const line = program.line('operation of a former process is left alone');
  expect(line).toMatchObject({ level: 'error', operationId: 'op-of-before', claims: journal({}).claims });
  expect(JSON.stringify(line)).toContain(why);
  // Its claim stays; one whose run had no effect yet is free.
  expect(readdirSync(path).filter((file) => file.endsWith('.json'))).toEqual(['claims%2fdemo%2fbucket%2fphotos.json']);
});
