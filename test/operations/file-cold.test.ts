import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { toDomainError } from '../../src/base/errors';
import { type FileRegister, openFileRegister } from '../../src/operations/file/register';
import { compareKeys, createMemoryRegister } from '../../src/operations/memory-register';

/** Records of what has ended: they stay on the disk alone. */

const base = mkdtempSync(join(tmpdir(), 'mallard-cold-'));
const opened: FileRegister[] = [];
let folders = 0;
const newFolder = (): string => join(base, String((folders += 1)));
async function open(path: string): Promise<FileRegister> {
  const register = await openFileRegister(path);
  opened.push(register);
  return register;
}
const closeAll = async (): Promise<void> => {
  for (const register of opened.splice(0)) await register.close();
};
afterEach(closeAll);
afterAll(() => rmSync(base, { recursive: true }));

const filesIn = (path: string): readonly string[] =>
  readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map((name) => join(path, name))
    .filter((name) => statSync(name).isFile());

const day = (n: number): string => String(99_999 - n);
const keyOfRun = (n: number, summary = 'x'): string =>
  `done/demo/${day(n % 30)}/${String(99_999_999 - n)}-id${String(n)}~${summary}`;

test('cold records outlive the process, come in order, and are written over and deleted as others are', async () => {
  const path = newFolder();
  const first = await open(path);
  const keys = [
    keyOfRun(1),
    keyOfRun(2, 'B'.repeat(880)),
    'by/demo/bucket/Photos/1-a~x',
    'by/demo/bucket/photos/1-a~x',
  ];
  for (const key of keys) await first.put(key, { of: key }, { ifAbsent: true });
  await first.put('claims/a', 1, { ifAbsent: true });
  await closeAll();

  const second = await open(path);
  expect((await second.list('')).map(({ key }) => key)).toEqual([...keys, 'claims/a'].sort(compareKeys));
  for (const key of keys) {
    const { value, version = '' } = (await second.get(key)) ?? {};
    expect(value).toEqual({ of: key });
    expect((await second.list(key))[0]).toMatchObject({ version, ageMs: Infinity });
    expect(await second.put(key, 2, { ifAbsent: true })).toMatchObject({ ok: false });
    const again = await second.put(key, 2, { ifMatch: version });
    expect(again).toMatchObject({ ok: true });
    expect(await second.delete(key, { ifMatch: version })).toMatchObject({ ok: false });
    expect(await second.delete(key, { ifMatch: again.ok ? again.version : '' })).toMatchObject({ ok: true });
    expect(await second.get(key)).toBeUndefined();
  }
  // Folders that are empty go, too.
  expect(readdirSync(path).sort()).toEqual(['.lock', 'claims%2fa.json']);
});

test('many who write below one folder that comes and goes do not disturb one another', async () => {
  const register = await open(newFolder());
  const work = Array.from({ length: 60 }, async (_, n) => {
    const key = `done/demo/1/2/3/${String(n % 20)}`;
    const made = await register.put(key, n, { ifAbsent: true });
    if (made.ok) await register.delete(key, { ifMatch: made.version });
    return made.ok;
  });
  expect((await Promise.all(work)).filter(Boolean).length).toBeGreaterThanOrEqual(20);
  expect(await register.list('done/')).toEqual([]);
});

test('opening reads no cold record, and a damaged one harms its own reading alone', async () => {
  const path = newFolder();
  const register = await open(path);
  const long = keyOfRun(3, 'y'.repeat(900));
  for (const key of [keyOfRun(1), keyOfRun(2), long]) await register.put(key, { of: key }, { ifAbsent: true });
  await closeAll();
  const files = filesIn(path).filter((name) => !name.endsWith('.lock'));
  const damaged = files.find((name) => name.includes('id1~')) ?? '';
  const damagedLong = files.find((name) => name.includes('id3~')) ?? '';
  truncateSync(damaged, 20);
  truncateSync(damagedLong, 20);
  writeFileSync(join(path, 'done', 'Notes.txt'), 'not ours');
  writeFileSync(join(path, 'done', 'demo', 'foreign!'), '{"key":"done/demo/other","value":1}');

  const again = await open(path);
  expect((await again.get(keyOfRun(2)))?.value).toEqual({ of: keyOfRun(2) });
  for (const [key, file] of [
    [keyOfRun(1), damaged],
    [long, damagedLong],
    ['done/demo/foreign', join(path, 'done', 'demo', 'foreign!')],
  ] as const) {
    const error = toDomainError(await again.get(key).catch((thrown: unknown) => thrown));
    expect(error).toMatchObject({ kind: 'unforeseen', detail: 'a record of an operation is damaged' });
    expect(String('cause' in error && error.cause)).toContain(file);
  }
  expect((await again.list('done/')).map(({ key }) => key)).toEqual([keyOfRun(2), keyOfRun(1), 'done/demo/foreign']);
});

test('a page in the middle reads the folders that it lies in, and no others', async () => {
  const path = newFolder();
  const register = await open(path);
  const keys = Array.from({ length: 300 }, (_, n) => keyOfRun(n, 'z'.repeat(n % 7 === 0 ? 400 : 10)));
  await Promise.all(keys.map((key) => register.put(key, 1, { ifAbsent: true })));
  keys.sort(compareKeys);
  // A folder is found out to be none only where it is read.
  const [, unread = ''] = keys.at(-1)?.split('/demo/') ?? [];
  const lastDay = join(path, 'done', 'demo', unread.split('/')[0] ?? '');
  rmSync(lastDay, { recursive: true });
  writeFileSync(`${lastDay}!`, 'no folder');
  for (const at of [0, 7, 150, 220]) {
    const page = await register.list('done/demo/', { after: keys[at], limit: 10 });
    expect(page.map(({ key }) => key)).toEqual(keys.slice(at + 1, at + 11));
  }
});

test('lists agree with those of a register in memory, whatever the keys', async () => {
  const letters = fc.constantFrom(...Array.from('ab.Z-~!% '), 'ä', '\u{1f986}');
  const part = fc.oneof(
    fc.string({ unit: letters, minLength: 1, maxLength: 3 }),
    fc.constantFrom('.', '..', 'l'.repeat(200), `${'l'.repeat(210)}a`, `${'l'.repeat(210)}b`),
  );
  const key = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => `by/${parts.join('/')}`);
  const query = fc.record({
    prefix: fc.nat(12),
    after: fc.option(key, { nil: undefined }),
    limit: fc.integer({ min: 1, max: 6 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(key, { minLength: 1, maxLength: 8 }),
      query,
      async (keys, { prefix, after, limit }) => {
        const [file, memory] = [await open(newFolder()), createMemoryRegister()];
        for (const one of keys) {
          await file.put(one, one, { ifAbsent: true });
          await memory.put(one, one, { ifAbsent: true });
          expect((await file.get(one))?.value).toBe(one);
        }
        const begin = Array.from(keys[0] ?? '')
          .slice(0, prefix)
          .join('');
        const names = async (register: Pick<FileRegister, 'list'>): Promise<readonly string[]> =>
          (await register.list(begin, { after, limit })).map((listed) => listed.key);
        expect(await names(file)).toEqual(await names(memory));
        await closeAll();
      },
    ),
    { numRuns: 60 },
  );
});
