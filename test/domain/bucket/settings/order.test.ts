import type { Context } from '../../../../src/domain/shared/context';
import { answer, definePlan, type Plan } from '../../../../src/engine/plan';
import { newSettings } from '../../../../src/domain/bucket/settings/new';
import { changeSettings, type SettingsSeen } from '../../../../src/domain/bucket/settings/plan';
import type { WantedSettings } from '../../../../src/domain/bucket/settings/wanted';
import { lifecycleSet } from '../../../../src/domain/bucket/settings/rules/kept-lifecycle';

/** Which settings wait for which: edges of the plan, nothing is run. */

// Steps close over the session and use it only when they run.
const context = { session: { account: { iam: true } } } as Context;
const CORS = { CORSRules: [{ AllowedOrigins: ['*'], AllowedMethods: ['GET'] }] };
const LOOSE = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: false, RestrictPublicBuckets: false };
const TIGHT = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
const PLAIN = { text: '{"a":1}', isPublic: false, denies: false };
const PUBLIC = { text: '{"b":1}', isPublic: true, denies: false };
const DENYING = { text: '{"c":1}', isPublic: false, denies: true };

/** First word of a title's object, e.g. `policy`. */
const NAMES = [
  'tags',
  'CORS',
  'lifecycle',
  'access block',
  'policy',
  'versioning',
  'Encrypt',
  'public access',
  'bucket',
] as const;
const nameOf = (title: string): string => NAMES.find((name) => title.includes(name)) ?? title;

/** Every step with those it waits for. */
const edges = (plan: Plan<void>): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    plan.steps.map(({ title, dependsOn }) => [
      nameOf(title),
      dependsOn.map((index) => nameOf(plan.steps[index]?.title ?? '')).sort(),
    ]),
  );

const change = (wanted: WantedSettings, seen: SettingsSeen) =>
  edges(
    definePlan('update', 'Update', (step) => {
      const tags = step({ title: 'Replace the tags', run: () => Promise.resolve() });
      changeSettings(context, 'b', { wanted, seen }, step, [tags]);
      return answer({}, () => undefined);
    }),
  );

const create = (wanted: WantedSettings, objectLock = false) =>
  edges(
    definePlan('create', 'Create', (step) => {
      const made = step({ title: 'Create it', run: () => Promise.resolve() });
      const others = [step({ title: 'Confirm the tags', after: [made], run: () => Promise.resolve() })];
      newSettings(context, 'b', wanted, { made, objectLock, publicPolicy: false, others }, step);
      return answer({}, () => undefined);
    }),
  );

describe('a change', () => {
  test('of CORS and lifecycle waits for nothing', () => {
    expect(change({ cors: CORS, lifecycle: lifecycleSet('glacier') }, { cors: null, lifecycle: null })).toEqual({
      tags: [],
      CORS: [],
      lifecycle: [],
    });
  });

  test('that loosens the block comes before the policy', () => {
    expect(change({ publicAccess: LOOSE, policy: PUBLIC }, { publicAccess: TIGHT, policy: null })).toMatchObject({
      'access block': [],
      policy: ['access block'],
    });
  });

  test('that tightens the block comes after the policy is removed or replaced', () => {
    for (const policy of [null, PLAIN]) {
      expect(change({ publicAccess: TIGHT, policy }, { publicAccess: LOOSE, policy: PUBLIC.text })).toMatchObject({
        policy: [],
        'access block': ['policy'],
      });
    }
  });

  test('to a policy that denies something comes after what it might stop', () => {
    const order = change(
      { cors: CORS, versioning: 'Suspended', publicAccess: LOOSE, policy: DENYING },
      { cors: null, versioning: 'Enabled', publicAccess: TIGHT, policy: null },
    );
    expect(order['policy']).toEqual(['CORS', 'access block', 'tags', 'versioning']);
  });

  test('that cannot be undone exactly, versioning for the first time, comes last of all', () => {
    const order = change(
      { cors: CORS, versioning: 'Enabled', publicAccess: TIGHT, policy: DENYING },
      { cors: null, versioning: null, publicAccess: LOOSE, policy: null },
    );
    expect(order['versioning']).toEqual(['CORS', 'access block', 'policy', 'tags']);
  });

  test('to a policy that says the same in other words is no step', () => {
    const seen: SettingsSeen = { policy: '{ "Version": "1", "Statement": [] }' };
    expect(change({ policy: { ...PLAIN, text: '{"Statement":[],"Version":"1"}' } }, seen)).toEqual({ tags: [] });
    expect(change({ policy: { ...PLAIN, text: '{"Statement":[]}' } }, seen)).toHaveProperty('policy');
    expect(change({ policy: PLAIN }, { policy: 'no JSON' })).toHaveProperty('policy');
  });

  test('to a public policy under a closed block is refused, and none where it stands there already', () => {
    expect(() => change({ publicAccess: TIGHT, policy: PUBLIC }, { publicAccess: TIGHT, policy: null })).toThrow(
      'PublicAccessBlock forbids such policies',
    );
    expect(change({ publicAccess: TIGHT, policy: PUBLIC }, { publicAccess: TIGHT, policy: PUBLIC.text })).toEqual({
      tags: [],
    });
    expect(change({ publicAccess: TIGHT, policy: PUBLIC }, { publicAccess: LOOSE, policy: PUBLIC.text })).toMatchObject(
      { 'access block': [] },
    );
  });

  test('to what is there already is no step', () => {
    const rules = lifecycleSet('glacier').rules.map((rule) => JSON.parse(JSON.stringify(rule)) as never);
    const seen: SettingsSeen = {
      cors: CORS,
      versioning: 'Enabled',
      lifecycle: { rules, minimumSize: null },
      publicAccess: TIGHT,
      policy: PLAIN.text,
    };
    const wanted: WantedSettings = {
      cors: CORS,
      versioning: 'Enabled',
      lifecycle: lifecycleSet('glacier'),
      publicAccess: TIGHT,
      policy: PLAIN,
    };
    expect(change(wanted, seen)).toEqual({ tags: [] });
    expect(
      change({ cors: null, lifecycle: null, policy: null }, { cors: null, lifecycle: null, policy: null }),
    ).toEqual({ tags: [] });
  });
});

describe('a new bucket', () => {
  test('has its settings beside one another', () => {
    expect(create({ cors: CORS, versioning: 'Enabled', policy: PLAIN })).toMatchObject({
      CORS: ['Create it'],
      versioning: ['Create it'],
      policy: ['Create it'],
    });
  });

  test('gets a public policy after its access block', () => {
    expect(create({ cors: CORS, publicAccess: LOOSE, policy: PUBLIC })).toMatchObject({ policy: ['access block'] });
  });

  test('gets a policy that denies something after everything else', () => {
    // Every new bucket is encrypted, and its title says no more than that it is the bucket.
    const all = ['CORS', 'Create it', 'Encrypt', 'public access', 'tags'];
    expect(create({ cors: CORS, policy: DENYING })['policy']).toEqual(all);
  });

  test('with object lock has versioning already', () => {
    expect(create({ versioning: 'Enabled' }, true)).not.toHaveProperty('versioning');
  });
});
