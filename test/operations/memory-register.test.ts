import { createMemoryRegister } from '../../src/operations/memory-register';
import type { JsonValue } from '../../src/base/json';
import { secret } from '../../src/base/secret';
import { describeRegisterContract } from './register-contract';

describeRegisterContract('memory', () => createMemoryRegister(), { many: 2_500, racers: 100_000, histories: 200 });

test('what is read is frozen to its depth', async () => {
  const register = createMemoryRegister();
  await register.put('a', { list: [{ n: 1 }] }, { ifAbsent: true });
  const value = (await register.get('a'))?.value as { list: { n: number }[] };
  expect(() => value.list.push({ n: 2 })).toThrow(TypeError);
  expect(() => Object.assign(value.list[0] ?? {}, { n: 2 })).toThrow(TypeError);
});

test('a secret that strays into a value is not kept', async () => {
  const register = createMemoryRegister();
  await register.put('a', { key: secret('plain text') as unknown as JsonValue }, { ifAbsent: true });
  expect((await register.get('a'))?.value).toEqual({ key: '[secret]' });
});

test('two registers know nothing of each other', async () => {
  const [one, other] = [createMemoryRegister(), createMemoryRegister()];
  await one.put('a', 1, { ifAbsent: true });
  expect(await other.get('a')).toBeUndefined();
});
