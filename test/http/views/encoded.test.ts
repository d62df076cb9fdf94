import fc, { type Arbitrary } from 'fast-check';
import { secret } from '../../../src/base/secret';
import { encoderOf } from '../../../src/http/contract/encode';
import * as keyViews from '../../../src/http/views/key-views';
import { settingsView } from '../../../src/http/views/settings-views';
import * as views from '../../../src/http/views/views';
import * as websiteViews from '../../../src/http/views/website-views';
import * as aws from '../../support/aws-documents';

/** What the encoder makes of an answer is byte for byte what the views made of it. */

const text = fc.string();
const maybe = <T>(value: Arbitrary<T>) => fc.option(value, { nil: undefined });
const time = fc.date({ noInvalidDate: true });
const list = <T>(value: Arbitrary<T>) => fc.array(value, { maxLength: 3 });
const tags = list(fc.record({ Key: text, Value: text, Extra: text }));
const spared = {
  kept: maybe(list(fc.record({ UserName: text, because: text, extra: text }))),
  left: maybe(list(fc.record({ Resource: text, because: text, extra: text }))),
};
const warned = { warnings: maybe(list(text)) };

const policy = fc.record({
  Arn: text,
  AttachmentCount: maybe(fc.integer()),
  CreateDate: maybe(time),
  DefaultVersionId: maybe(text),
  Description: maybe(text),
  IsAttachable: maybe(fc.boolean()),
  Path: maybe(text),
  PermissionsBoundaryUsageCount: maybe(fc.integer()),
  PolicyId: maybe(text),
  PolicyName: text,
  UpdateDate: maybe(time),
  Hidden: text,
});
const group = fc.record({
  Hidden: text,
  GroupName: text,
  Arn: maybe(text),
  CreateDate: maybe(time),
  GroupId: maybe(text),
  Path: maybe(text),
});
const user = fc.record({
  UserName: text,
  Arn: maybe(text),
  CreateDate: maybe(time),
  PasswordLastUsed: maybe(time),
  Path: maybe(text),
  PermissionsBoundary: maybe(
    fc.record({ PermissionsBoundaryArn: maybe(text), PermissionsBoundaryType: maybe(text), Hidden: text }),
  ),
  Tags: maybe(tags),
  UserId: maybe(text),
  Hidden: text,
});
const keyMembers = { AccessKeyId: text, CreateDate: maybe(time), Status: text, UserName: text, Hidden: text };
const key = fc.record(keyMembers);
const newKey = fc.record({ ...keyMembers, SecretAccessKey: text.map(secret) });
const usedKeyMembers = {
  ...keyMembers,
  LastUsed: maybe(fc.record({ LastUsedDate: time, ServiceName: maybe(text), Region: maybe(text), Hidden: text })),
};

const json = fc.jsonValue({ maxDepth: 3 });
const object = fc.dictionary(text, json, { maxKeys: 4 });
const settings = maybe(
  fc.record(
    {
      cors: fc.option(fc.record({ CORSRules: list(object) })),
      versioning: fc.option(fc.constantFrom('Enabled', 'Suspended')),
      lifecycle: fc.option(fc.record({ rules: list(object), minimumSize: fc.option(text) })),
      policy: fc.option(
        fc.oneof(
          object.map((document) => JSON.stringify(document)),
          fc.constant('no { JSON'),
        ),
      ),
      publicAccess: fc.option(
        fc.record({
          BlockPublicAcls: fc.boolean(),
          IgnorePublicAcls: fc.boolean(),
          BlockPublicPolicy: fc.boolean(),
          RestrictPublicBuckets: fc.boolean(),
        }),
      ),
      encryption: fc.option(fc.record({ Rules: list(object) })),
    },
    { requiredKeys: [] },
  ),
);
const bucketDetails = {
  Tags: tags,
  Logging: maybe(
    fc.record({
      TargetBucket: maybe(text),
      TargetGrants: maybe(list(object)),
      TargetPrefix: maybe(text),
      Hidden: text,
    }),
  ),
  Empty: fc.boolean(),
  settings,
};

/** A document of AWS: what a test double gives, with members of it taken out and others put in. */
const documentLike = (given: object): Arbitrary<Readonly<Record<string, unknown>>> =>
  fc
    .tuple(fc.infiniteStream(fc.integer({ min: 0, max: 9 })), object, time)
    .map(([rolls, more, at]) => changed(given, rolls, { ...more, zeit: at }) as Readonly<Record<string, unknown>>);

function changed(value: unknown, rolls: Iterator<number>, more: object): unknown {
  if (Array.isArray(value)) return value.map((each) => changed(each, rolls, more));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const members = Object.entries(value).flatMap(([name, member]) => {
    const roll: unknown = rolls.next().value;
    if (roll === 0) return [];
    return [[name, roll === 1 ? undefined : roll === 2 ? null : changed(member, rolls, more)]];
  });
  return Object.fromEntries([...members, ...(rolls.next().value === 0 ? Object.entries(more) : [])]);
}
const distribution = documentLike(aws.DISTRIBUTION);
const recordSet = fc.oneof(documentLike(aws.RECORD_SETS.alias), documentLike(aws.RECORD_SETS.plain));
const dnsChange = documentLike(aws.DNS_CHANGE);
const invalidation = documentLike(aws.INVALIDATION);

type View = (value: never) => unknown;
type Row = readonly [string, number, Arbitrary<unknown>, View, View];
/** The types of the views do not tell undefined from absent as the generators do. */
const row = (
  operationId: string,
  status: number,
  values: Arbitrary<unknown>,
  view: View,
  prepare: View = (value) => value,
): Row => [operationId, status, values, view, prepare];

/** `settings` are under another name in the domain. */
const shown = <T extends { readonly settings?: unknown }>({ settings: of, ...rest }: T) => ({
  ...rest,
  ...settingsView(of as Parameters<typeof settingsView>[0]),
});

test.each<Row>([
  row(
    'createBucket',
    202,
    fc.record({ Bucket: text, Policy: maybe(policy), Group: maybe(group), ...warned }),
    views.bucketCreatedView,
  ),
  row('showBucket', 200, fc.record({ ...bucketDetails, ...warned }), views.bucketDetailsView, shown),
  row('updateBucket', 200, fc.record(warned), views.warningsView),
  row('deleteBucket', 200, fc.record(spared), views.sparedView),
  row('listUsers', 200, list(user), (users: never[]) => users.map(views.userView)),
  row('createUser', 200, fc.record({ User: user, AccessKey: newKey }), views.userCreatedView),
  row(
    'showUser',
    200,
    fc.record({
      User: user,
      AccessKeys: list(key),
      Groups: list(group),
      Policies: list(fc.record({ Arn: text, PolicyName: text, Hidden: text })),
    }),
    views.userDetailsView,
  ),
  row('resetKeys', 200, fc.record({ DeletedKeyIds: list(text), AccessKey: newKey }), views.keysResetView),
  row('listKeys', 200, list(fc.record(usedKeyMembers)), (keys: never[]) => keys.map(keyViews.usedKeyView)),
  row('addKey', 200, fc.record({ AccessKey: newKey }), keyViews.keyAddedView),
  row('revokeKeys', 200, fc.record({ DeletedKeyIds: list(text) }), keyViews.keysRevokedView),
  row('setKeyStatus', 200, newKey, views.keyView),
  row(
    'reportKeys',
    200,
    fc.record({
      Keys: list(fc.record({ ...usedKeyMembers, ageDays: maybe(fc.integer()), Bucket: text })),
      Marker: maybe(text),
    }),
    keyViews.keyReportView,
  ),
  row(
    'createWebsite',
    202,
    fc.record({
      Bucket: text,
      Policy: policy,
      Group: group,
      Policies: list(policy),
      Groups: list(group),
      Distribution: distribution,
      DnsChange: dnsChange,
    }),
    websiteViews.websiteCreatedView,
  ),
  row(
    'showWebsite',
    200,
    fc.record({ ...bucketDetails, DNSRecord: maybe(recordSet), Distribution: maybe(distribution) }),
    websiteViews.websiteDetailsView,
    shown,
  ),
  row(
    'deleteWebsite',
    200,
    fc.record({
      Website: text,
      Users: list(text),
      Policies: list(text),
      Groups: list(text),
      DNSRecord: maybe(recordSet),
      Distribution: maybe(distribution),
      DnsChange: maybe(dnsChange),
      ...spared,
    }),
    websiteViews.websiteDeletedView,
  ),
  row(
    'invalidateCache',
    200,
    fc.record({ Invalidation: invalidation, Location: text }),
    websiteViews.invalidationMadeView,
  ),
  row(
    'runCleaner',
    200,
    fc.record({
      distributions: list(
        fc.record({
          id: text,
          site: text,
          state: fc.constant('deletable' as const),
          reason: fc.constant('retired' as const),
          Hidden: text,
        }),
      ),
      orphans: list(
        fc.record({
          type: fc.constant('group' as const),
          name: text,
          bucket: text,
          ageSeconds: maybe(fc.integer()),
          target: maybe(text),
          Hidden: text,
        }),
      ),
      nextRun: maybe(text),
      ...spared,
    }),
    websiteViews.cleanerReportView,
  ),
])('%s %d: the encoder makes what the view makes', (operationId, status, values, view, prepare) => {
  fc.assert(
    fc.property(values, (value) => {
      expect(JSON.stringify(encoderOf(operationId, status)(prepare(value as never)))).toBe(
        JSON.stringify(view(value as never)),
      );
    }),
  );
});
