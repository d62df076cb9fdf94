import fc from 'fast-check';
import type { Condition, Register } from '../../src/engine/register';
import { compareKeys } from '../../src/operations/memory-register';

/** Random calls to a register, and a model of what they should give. */

const keys = fc.constantFrom('a', 'a/b', 'a-b', 'b', 'b/c d');
/** Of which moment the version is that a call is made under. */
const age = fc.constantFrom<'absent' | 'current' | 'former'>('absent', 'current', 'former');

const call = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('put' as const), key: keys, value: fc.jsonValue({ maxDepth: 1 }), age }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('delete' as const), key: keys, age }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('get' as const), key: keys }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('list' as const),
      prefix: fc.constantFrom('', 'a', 'a/', 'b/'),
      after: fc.option(keys, { nil: undefined }),
      limit: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
    }),
  },
);

export type History = readonly (typeof call extends fc.Arbitrary<infer Call> ? Call : never)[];
export const histories: fc.Arbitrary<History> = fc.array(call, { minLength: 5, maxLength: 25 });

interface Modelled {
  readonly value: unknown;
  readonly version: string;
}

/** JSON knows no negative zero. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

/** Makes the calls one after the other; fails at the first that gives something else than the model. */
export async function agreesWithModel(register: Register, history: History): Promise<void> {
  const model = new Map<string, Modelled>();
  /** Every version that a key ever had. */
  const former = new Map<string, string[]>();
  const versionFor = (key: string, which: 'current' | 'former'): string =>
    (which === 'current' ? model.get(key)?.version : former.get(key)?.findLast((v) => v !== model.get(key)?.version)) ??
    'none';

  for (const step of history) {
    if (step.type === 'get') {
      const entry = await register.get(step.key);
      expect(entry && { value: entry.value, version: entry.version }).toEqual(model.get(step.key));
    } else if (step.type === 'list') {
      const { prefix, after, limit } = step;
      const expected = [...model.keys()]
        .filter((key) => key.startsWith(prefix) && (after === undefined || compareKeys(key, after) > 0))
        .sort(compareKeys)
        .slice(0, limit);
      const listed = await register.list(prefix, { after, limit });
      expect(listed.map(({ key, version }) => [key, version])).toEqual(
        expected.map((key) => [key, model.get(key)?.version]),
      );
    } else if (step.type === 'put') {
      const condition: Condition =
        step.age === 'absent' ? { ifAbsent: true } : { ifMatch: versionFor(step.key, step.age) };
      const holds = 'ifAbsent' in condition ? !model.has(step.key) : model.get(step.key)?.version === condition.ifMatch;
      const written = await register.put(step.key, step.value as never, condition);
      expect(written.ok).toBe(holds);
      if (!written.ok) continue;
      expect(former.get(step.key) ?? []).not.toContain(written.version);
      former.set(step.key, [...(former.get(step.key) ?? []), written.version]);
      model.set(step.key, { value: asJson(step.value), version: written.version });
    } else {
      const ifMatch = versionFor(step.key, step.age === 'former' ? 'former' : 'current');
      const holds = model.get(step.key)?.version === ifMatch;
      expect((await register.delete(step.key, { ifMatch })).ok).toBe(holds);
      if (holds) model.delete(step.key);
    }
  }
}
