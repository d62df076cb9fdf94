import fc from 'fast-check';
import type { JsonValue } from '../../src/base/json';
import type { Part, Register } from '../../src/engine/register';
import { compareKeys } from '../../src/operations/memory-register';
import { agreesWithModel, histories } from './register-model';

export interface ContractOptions {
  /** What every key begins with; bindings treat some in another way. Default: nothing. */
  readonly below?: string;
  /** Keys of the longest list. Default 300. */
  readonly many?: number;
  /** Writes that race for a tenth as many keys. Default 500. */
  readonly racers?: number;
  /** Random histories that are compared with a model. Default 20. */
  readonly histories?: number;
  readonly timeoutMs?: number;
}

/** What every binding of the register must do. `make` gives an empty one. */
export function describeRegisterContract(
  name: string,
  make: () => Register | Promise<Register>,
  options: ContractOptions = {},
): void {
  const { below = '', many = 300, racers: allRacers = 500, timeoutMs } = options;
  describe(`register contract: ${name}`, () => {
    let register: Register;
    beforeEach(async () => {
      register = belowPrefix(await make(), below);
    });

    const put = async (key: string, value: JsonValue): Promise<string> => {
      const written = await register.put(key, value, { ifAbsent: true });
      if (!written.ok) throw new Error(`${key} was there`);
      return written.version;
    };

    test('an absent key gives undefined', async () => {
      expect(await register.get('a/b')).toBeUndefined();
    });

    test('ifAbsent writes once, and a second write changes nothing', async () => {
      const version = await put('a/b', { n: 1 });
      expect(await register.put('a/b', { n: 2 }, { ifAbsent: true })).toEqual({ ok: false, conflict: true });
      expect(await register.get('a/b')).toMatchObject({ key: 'a/b', value: { n: 1 }, version });
    });

    test('ifMatch writes over what was read, and gives a version that can be used next', async () => {
      const first = await put('a', 1);
      const second = await register.put('a', 2, { ifMatch: first });
      if (!second.ok) throw new Error('the version matched');
      expect(await register.get('a')).toMatchObject({ key: 'a', value: 2, version: second.version });
      expect(await register.put('a', 3, { ifMatch: second.version })).toMatchObject({ ok: true });
    });

    test('ifMatch with an old version, or on an absent key, changes nothing', async () => {
      const old = await put('a', 1);
      await register.put('a', 2, { ifMatch: old });
      expect(await register.put('a', 3, { ifMatch: old })).toEqual({ ok: false, conflict: true });
      expect(await register.put('b', 3, { ifMatch: old })).toEqual({ ok: false, conflict: true });
      expect((await register.get('a'))?.value).toBe(2);
      expect(await register.get('b')).toBeUndefined();
    });

    test('every write makes a new version: the same value again, and the same key after a deletion', async () => {
      const first = await put('a', 1);
      const second = await register.put('a', 1, { ifMatch: first });
      if (!second.ok) throw new Error('the version matched');
      expect(second.version).not.toBe(first);
      await register.delete('a', { ifMatch: second.version });
      const third = await put('a', 1);
      expect([first, second.version]).not.toContain(third);
    });

    test('delete takes away what was read, and nothing else', async () => {
      const old = await put('a', 1);
      const now = await register.put('a', 2, { ifMatch: old });
      if (!now.ok) throw new Error('the version matched');
      expect(await register.delete('a', { ifMatch: old })).toEqual({ ok: false, conflict: true });
      expect((await register.get('a'))?.value).toBe(2);
      expect(await register.delete('a', { ifMatch: now.version })).toMatchObject({ ok: true });
      expect(await register.get('a')).toBeUndefined();
      expect(await register.delete('a', { ifMatch: now.version })).toEqual({ ok: false, conflict: true });
    });

    test('list gives what is below a prefix, without its values, by UTF-8 bytes of the keys', async () => {
      const keys = ['p/b', 'p/a', 'p/a/b', 'p/a-b', 'p/\u{1f986}', 'p/\uffee', 'q/a', 'p'];
      for (const key of keys) await put(key, { of: key });
      const listed = await register.list('p/');
      expect(listed.map((entry) => entry.key)).toEqual(['p/a', 'p/a-b', 'p/a/b', 'p/b', 'p/\uffee', 'p/\u{1f986}']);
      expect(listed[0]?.version).toBe((await register.get('p/a'))?.version);
      expect(listed[0]).not.toHaveProperty('value');
      expect(await register.list('p/a')).toHaveLength(3);
      expect(await register.list('none/')).toEqual([]);
      expect(await register.list('')).toHaveLength(keys.length);
    });

    test('a list can begin behind a key, which need not be there, and end after so many', async () => {
      for (const key of ['p/a', 'p/b', 'p/b/c', 'p/d', 'q']) await put(key, 1);
      const keys = async (part: Part): Promise<readonly string[]> =>
        (await register.list('p/', part)).map(({ key }) => key);
      expect(await keys({ after: 'p/b' })).toEqual(['p/b/c', 'p/d']);
      expect(await keys({ after: 'p/aa', limit: 2 })).toEqual(['p/b', 'p/b/c']);
      expect(await keys({ limit: 1 })).toEqual(['p/a']);
      expect(await keys({ after: 'p/d' })).toEqual([]);
    });

    test('a list says that a long value is longer than a short one', async () => {
      await put('p/a', 'x'.repeat(1_000));
      await put('p/b', 'x');
      const [long, short] = await register.list('p/');
      expect(long?.bytes).toBeGreaterThan(1_000);
      expect(short?.bytes).toBeLessThan(200);
    });

    test('keys that differ are different entries, whatever characters they hold', async () => {
      const keys = ['a b', 'a+b', 'a%20b', 'a/b', 'A/B', 'a=b,c@d', 'a..b', 'ä', 'a\u0308'];
      for (const [n, key] of keys.entries()) await put(key, n);
      for (const [n, key] of keys.entries()) expect((await register.get(key))?.value).toBe(n);
    });

    test('any JSON comes back as it went in', async () => {
      const value: JsonValue = {
        text: 'ä\n"\u2028',
        none: null,
        yes: true,
        list: [1, 0.5, [], {}],
        deep: { a: { b: [{ c: null }] } },
      };
      await put('a', value);
      expect((await register.get('a'))?.value).toEqual(value);
    });

    test('what is stored changes by writes only', async () => {
      const value = { list: [1], inner: { n: 1 } };
      await put('a', value);
      value.list.push(2);
      value.inner.n = 2;
      expect((await register.get('a'))?.value).toEqual({ list: [1], inner: { n: 1 } });

      const read = (await register.get('a'))?.value as { list: number[] };
      try {
        read.list.push(3);
      } catch {
        // A binding may freeze what it gives.
      }
      expect((await register.get('a'))?.value).toEqual({ list: [1], inner: { n: 1 } });
    });

    test('of many who write at once under one condition exactly one wins', async () => {
      const racers = Array.from({ length: 32 }, (_, n) => n);
      const created = await Promise.all(racers.map((n) => register.put('a', n, { ifAbsent: true })));
      expect(created.filter((written) => written.ok)).toHaveLength(1);
      expect((await register.get('a'))?.value).toBe(created.findIndex((written) => written.ok));

      const version = (await register.get('a'))?.version ?? '';
      const replaced = await Promise.all(racers.map((n) => register.put('a', n, { ifMatch: version })));
      expect(replaced.filter((written) => written.ok)).toHaveLength(1);

      const last = (await register.get('a'))?.version ?? '';
      const deleted = await Promise.all(racers.map(() => register.delete('a', { ifMatch: last })));
      expect(deleted.filter((written) => written.ok)).toHaveLength(1);
    });

    test(
      'keys that are paths upwards, full of signs, or as long as a history’s come back, in the order of their bytes',
      async () => {
        const keys = [
          ...[
            '..',
            '../x',
            'a/../b',
            './a',
            'a/./b',
            '...',
            '.a/b',
            'a.',
            'a!',
            'a!/b',
            'a~',
            'a b',
            'a/b/c',
            'a',
            'a/b',
          ],
          ...[
            'a?b',
            'a#b',
            'a&b',
            'a<b>',
            'a"b',
            "a'b",
            'a\\b',
            'a:b',
            'a*b',
            'a|b',
            'a;b',
            'a{b}',
            'a^b',
            'a`b',
            'a$b@c,d',
          ],
          ...[
            '%2e%2e',
            '%',
            '%2F',
            'a\tb',
            'a\u0001b',
            'a\u007fb',
            'probe-1',
            'index.html',
            'Ünï/cödé',
            '\u{1f986}',
            '\uffee',
          ],
          `long/${'9'.repeat(13)}-${'i'.repeat(36)}~${'s'.repeat(820)}`,
          `long/${'9'.repeat(13)}-${'i'.repeat(36)}~${'s'.repeat(820)}t`,
        ];
        for (const key of keys) await put(key, key);
        for (const key of keys) expect((await register.get(key))?.value).toBe(key);
        expect((await register.list('')).map(({ key }) => key)).toEqual([...keys].sort(compareKeys));
        for (const { key, version } of await register.list(''))
          expect(await register.delete(key, { ifMatch: version })).toMatchObject({ ok: true });
        expect(await register.list('')).toEqual([]);
      },
      timeoutMs,
    );

    test('what was deleted may be made again, any number of times, and a list shows what is there now', async () => {
      for (let n = 0; n < 3; n += 1) {
        const version = await put('a/b', n);
        expect((await register.list('a/')).map((listed) => listed.version)).toEqual([version]);
        expect(await register.delete('a/b', { ifMatch: version })).toMatchObject({ ok: true });
        expect(await register.list('a/')).toEqual([]);
        expect(await register.get('a/b')).toBeUndefined();
      }
    });

    test('a value of a hundred kilobytes comes back as it was, and so does one that reads like a record', async () => {
      const long = 'ä'.repeat(50_000);
      await put('a', long);
      expect((await register.get('a'))?.value).toBe(long);
      await put('b', { value: 1, nonce: 'x', key: 'c' });
      expect((await register.get('b'))?.value).toEqual({ value: 1, nonce: 'x', key: 'c' });
      for (const [n, value] of [null, '', 0, false, [], {}].entries()) {
        await put(`c/${String(n)}`, value);
        expect((await register.get(`c/${String(n)}`))?.value).toEqual(value);
      }
      expect(await register.list('c/')).toHaveLength(6);
    });

    test(
      'a list longer than a page of the store is whole, and pages of any size together are the list',
      async () => {
        const keys = Array.from({ length: many }, (_, n) => `many/${String(n % 7)}/${String(n)}`);
        await inParts(keys, 50, (key) => put(key, key));
        keys.sort(compareKeys);
        expect((await register.list('many/')).map(({ key }) => key)).toEqual(keys);
        const paged: string[] = [];
        for (let page = await register.list('many/', { limit: 97 }); page.length > 0;) {
          paged.push(...page.map(({ key }) => key));
          page = await register.list('many/', { after: paged.at(-1), limit: 97 });
        }
        expect(paged).toEqual(keys);
      },
      timeoutMs,
    );

    test(
      `of ${String(allRacers)} writes that race for keys exactly one wins each`,
      async () => {
        const contested = Math.ceil(allRacers / 10);
        const wins = new Map<string, number[]>();
        const racers = Array.from({ length: allRacers }, (_, n) => n);
        await inParts(racers, Math.max(200, allRacers / 20), async (n) => {
          const key = `race/${String(n % contested)}`;
          const written = await register.put(key, n, { ifAbsent: true });
          if (written.ok) wins.set(key, [...(wins.get(key) ?? []), n]);
        });
        expect(wins.size).toBe(contested);
        expect([...wins.values()].filter((winners) => winners.length !== 1)).toEqual([]);
        const some = [...wins].slice(0, 50);
        for (const [key, [winner]] of some) expect((await register.get(key))?.value).toBe(winner);
      },
      timeoutMs,
    );

    test(
      'any history of calls has the results and leaves the entries of a model',
      async () => {
        await fc.assert(
          fc.asyncProperty(histories, async (history) => {
            await agreesWithModel(belowPrefix(await make(), below), history);
          }),
          { numRuns: options.histories ?? 20 },
        );
      },
      timeoutMs,
    );
  });
}

/** A register of all that is below a prefix, by what follows it. */
function belowPrefix(register: Register, below: string): Register {
  if (below === '') return register;
  const shown = <E extends { readonly key: string }>(entry: E): E => ({ ...entry, key: entry.key.slice(below.length) });
  return {
    get: async (key) => {
      const entry = await register.get(below + key);
      return entry && shown(entry);
    },
    put: (key, ...args) => register.put(below + key, ...args),
    delete: (key, condition) => register.delete(below + key, condition),
    list: async (prefix, part) =>
      (
        await register.list(
          below + prefix,
          part && { ...part, ...(part.after !== undefined && { after: below + part.after }) },
        )
      ).map(shown),
  };
}

/** Works on so many at once. */
async function inParts<T>(all: readonly T[], atOnce: number, work: (one: T) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < all.length; from += atOnce) await Promise.all(all.slice(from, from + atOnce).map(work));
}
