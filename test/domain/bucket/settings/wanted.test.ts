import { type DomainError, DomainFailure } from '../../../../src/base/errors';
import { lifecycleNames, lifecycleRules } from '../../../../src/domain/bucket/settings/rules/lifecycle';
import { INCLUDABLE, settingsNamed } from '../../../../src/domain/bucket/settings/include';
import { checkWebsiteSettings, checkNewSettings, wantedSettings } from '../../../../src/domain/bucket/settings/wanted';
import { nameOfRules } from '../../../../src/domain/bucket/settings/rules/kept-lifecycle';
import { policyScope } from '../../../../src/domain/bucket/settings/rules/policy';
import { plain, samePlain } from '../../../../src/domain/bucket/settings/rules/plain';
import { lifecycleInput } from '../../../../src/domain/bucket/settings/aws/lifecycle';
import { accountConfig } from '../../../support/config';

const scope = policyScope(accountConfig({ id: '123456789012' }), 'b', 'aws');
const LOOSE = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: false, RestrictPublicBuckets: false };

function refusal(run: () => unknown): DomainError | undefined {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof DomainFailure) return thrown.error;
    throw thrown;
  }
  return undefined;
}

describe('wanted settings', () => {
  test('members that are absent or null are not wanted, what is named in Remove is taken away', () => {
    expect(wantedSettings({}, scope)).toEqual({});
    expect(
      wantedSettings(
        { CORS: null, Versioning: null, Lifecycle: null, PublicAccessBlock: null, BucketPolicy: null, Remove: null },
        scope,
      ),
    ).toEqual({});
    expect(wantedSettings({ Remove: ['CORS', 'Lifecycle', 'BucketPolicy', 'CORS'] }, scope)).toEqual({
      cors: null,
      lifecycle: null,
      policy: null,
    });
    expect(wantedSettings({ CORS: null, Lifecycle: 'glacier', Remove: ['CORS'] }, scope)).toMatchObject({
      cors: null,
      lifecycle: { name: 'glacier' },
    });
    expect(wantedSettings({ Versioning: { Status: 'Suspended' } }, scope)).toEqual({ versioning: 'Suspended' });
  });

  test('what is set and to be removed at once is refused', () => {
    expect(refusal(() => wantedSettings({ Lifecycle: 'glacier', Remove: ['CORS', 'Lifecycle'] }, scope))).toMatchObject(
      { kind: 'invalid', pointer: '/Remove/1' },
    );
  });

  test('an empty text is no policy, and no wish to remove one', () => {
    expect(refusal(() => wantedSettings({ BucketPolicy: '' }, scope))).toMatchObject({
      kind: 'invalid',
      pointer: '/BucketPolicy',
    });
  });

  test('a loose block names what is loose', () => {
    expect(refusal(() => wantedSettings({ PublicAccessBlock: LOOSE }, scope))).toMatchObject({
      pointer: '/PublicAccessBlock/BlockPublicPolicy',
      detail: expect.stringContaining('BlockPublicPolicy, RestrictPublicBuckets must be true'),
    });
    expect(wantedSettings({ PublicAccessBlock: LOOSE }, { ...scope, allowPublic: true })).toEqual({
      publicAccess: LOOSE,
    });
  });

  test('object lock and websites have their say', () => {
    expect(
      refusal(() => checkNewSettings({ Versioning: { Status: 'Suspended' } }, { objectLock: true })),
    ).toMatchObject({
      kind: 'invalid',
    });
    checkNewSettings({ Versioning: { Status: 'Suspended' } }, { objectLock: false });
    checkNewSettings({ Versioning: { Status: 'Enabled' } }, { objectLock: true });
    expect(refusal(() => checkWebsiteSettings({ PublicAccessBlock: LOOSE }))).toMatchObject({
      pointer: '/PublicAccessBlock',
    });
    expect(refusal(() => checkWebsiteSettings({ BucketPolicy: {} }))).toMatchObject({ pointer: '/BucketPolicy' });
    expect(refusal(() => checkWebsiteSettings({ Remove: ['BucketPolicy'] }))).toMatchObject({
      pointer: '/BucketPolicy',
    });
    checkWebsiteSettings({ PublicAccessBlock: null, BucketPolicy: null, Lifecycle: 'glacier', Remove: ['CORS'] });
  });
});

describe('lifecycles', () => {
  test.each(lifecycleNames)(
    '%s is known by its rules, whatever the order of their members, and may be sent as shown',
    (name) => {
      const rules = lifecycleRules(name).map((rule) => plain(Object.fromEntries(Object.entries(rule).reverse())));
      expect(nameOfRules(rules)).toBe(name);
      expect(wantedSettings({ Lifecycle: { Name: name, Rules: rules } }, scope)['lifecycle']).toMatchObject({ name });
      expect(wantedSettings({ Lifecycle: { Name: name } }, scope)).toEqual(wantedSettings({ Lifecycle: name }, scope));
    },
  );

  test('rules that differ in anything have no name', () => {
    const [rule] = lifecycleRules('glacier').map(plain);
    for (const rules of [
      [],
      [rule, rule],
      [{ ...(rule as object), Status: 'Disabled' }],
      [{ ...(rule as object), Prefix: '' }],
    ]) {
      expect(nameOfRules(rules as never)).toBeNull();
      expect(refusal(() => wantedSettings({ Lifecycle: { Name: 'glacier', Rules: rules } }, scope))).toMatchObject({
        pointer: '/Lifecycle/Rules',
      });
    }
  });

  test('an unknown name is refused, with the known ones', () => {
    expect(refusal(() => wantedSettings({ Lifecycle: 'nope' }, scope))).toMatchObject({
      kind: 'invalid',
      detail: expect.stringContaining('known are'),
    });
  });

  test('deeply nested rules are refused like any others', () => {
    let nested: unknown = {};
    for (let depth = 0; depth < 20_000; depth += 1) nested = [nested];
    expect(refusal(() => wantedSettings({ Lifecycle: { Name: 'glacier', Rules: [nested] } }, scope))).toMatchObject({
      kind: 'invalid',
    });
  });

  test('dates survive the journal', () => {
    const Date_ = new Date('2030-01-01T00:00:00Z');
    const rules = [
      {
        ID: 'a',
        Status: 'Enabled' as const,
        Filter: { Prefix: '' },
        Expiration: { Date: Date_ },
        Transitions: [{ Date: Date_, StorageClass: 'GLACIER' as const }],
      },
    ];
    const kept = JSON.parse(JSON.stringify(rules.map(plain))) as never;
    expect(lifecycleInput(kept, 'varies_by_storage_class')).toEqual({
      LifecycleConfiguration: { Rules: rules },
      TransitionDefaultMinimumObjectSize: 'varies_by_storage_class',
    });
    expect(lifecycleInput(kept, null)).toEqual({ LifecycleConfiguration: { Rules: rules } });
  });
});

describe('JSON of SDK shapes', () => {
  test('has no absent members and ISO times', () => {
    expect(plain({ a: undefined, b: null, c: [new Date('2030-01-01T00:00:00.500Z'), 1, true, 'x'] })).toEqual({
      b: null,
      c: ['2030-01-01T00:00:00.500Z', 1, true, 'x'],
    });
  });

  test('is compared by what it says', () => {
    expect(samePlain({ a: 1, b: [{ c: 2, d: 3 }] }, { b: [{ d: 3, c: 2 }], a: 1 })).toBe(true);
    for (const [left, right] of [
      [{ a: 1 }, { a: 1, b: 2 }],
      [[1], { 0: 1 }],
      [null, {}],
      [{ a: [1, 2] }, { a: [2, 1] }],
      [undefined, null],
    ]) {
      expect(samePlain(left, right)).toBe(false);
    }
  });
});

test('include names settings, each once', () => {
  expect(settingsNamed(INCLUDABLE.join(','))).toEqual(INCLUDABLE);
  expect(settingsNamed('cors,policy,cors')).toEqual(['cors', 'policy']);
  expect(refusal(() => settingsNamed('cors,toString'))).toMatchObject({
    detail: expect.stringContaining(`known are ${INCLUDABLE.join(', ')}`),
  });
});
