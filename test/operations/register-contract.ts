import type { JsonValue } from '../../src/base/json';
import type { Part, Register } from '../../src/engine/register';

/** What every binding of the register must do. `make` gives an empty one. */
export function describeRegisterContract(name: string, make: () => Register | Promise<Register>): void {
  describe(`register contract: ${name}`, () => {
    let register: Register;
    beforeEach(async () => {
      register = await make();
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
  });
}
