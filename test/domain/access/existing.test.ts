import { toDomainError } from '../../../src/base/errors';
import { type ExistingSeen, requireExisting } from '../../../src/domain/access/existing';
import type { Target } from '../../../src/domain/shared/operation';

const target: Target = { kind: 'bucket', account: 'demo', bucket: 'photos', user: 'ada', params: {} };
const seen = (more: Partial<ExistingSeen>): ExistingSeen => ({
  shape: null,
  ours: true,
  org: null,
  groups: [],
  ...more,
});

const refusal = (found: ExistingSeen | undefined): readonly string[] => {
  try {
    requireExisting(target, found);
    return [];
  } catch (thrown) {
    const { kind, detail } = toDomainError(thrown);
    return [kind, detail];
  }
};

test('a user that carries our mark may join', () => {
  const found = seen({});
  expect(requireExisting(target, found)).toBe(found);
});

test.each([
  ['that is not there → not found', undefined, 'not-found', 'there is no user ada'],
  ['without our mark → conflict', seen({ ours: false }), 'conflict', 'carries no mark'],
  ['of another org → conflict, naming it', seen({ ours: false, org: 'others' }), 'conflict', 'the org "others"'],
])('a user %s', (_title, found, kind, words) => {
  expect(refusal(found)).toEqual([kind, expect.stringContaining(words)]);
});
