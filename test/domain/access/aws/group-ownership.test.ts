import { GetPolicyCommand } from '@aws-sdk/client-iam';
import { asBucket, asWebsite } from '../../../../src/domain/shared/subject';
import { groupDocuments, tellGroups } from '../../../../src/domain/access/aws/group-ownership';
import { awsError, mockedAws, type MockedAws } from '../../../support/mocks/mocked-aws';
import {
  REFUSALS,
  arnOf,
  documentOn,
  domains,
  errorOf,
  group,
  haveGroup,
  havePolicy,
} from '../../../support/mocks/mocked-reads';

const SITE = 'docs.example.org';
const NAME = `${SITE}-api-BktRWGrp`;
const BORN = arnOf(`${SITE}-api-BktRWPlc`);
const ODD = arnOf('odd');

/** IAM has the group with these policies attached; those that are not told of are gone. */
async function world(attached: readonly string[], texts: Readonly<Record<string, string>>): Promise<MockedAws> {
  const aws = await mockedAws({ domains });
  aws.iam.on(GetPolicyCommand).rejects(awsError('NoSuchEntity', 404));
  haveGroup(aws, group(NAME), [], attached);
  for (const [arn, text] of Object.entries(texts)) havePolicy(aws, arn, text);
  return aws;
}

test.each([
  [[{ GroupName: 'Developers' }, {}, { GroupName: NAME, Path: `/${SITE}/api/` }]],
  [[{ GroupName: `${SITE}-BktRWGrp`, Path: '/' }]],
])('names that tell by themselves cost no call: %j', async (groups) => {
  const aws = await world([], {});
  expect(await tellGroups(aws.context, asWebsite(SITE), groups)).toEqual(asWebsite(SITE));
  expect(aws.iam.calls()).toHaveLength(0);
});

describe('a group that may be a site’s folder’s or a bucket’s', () => {
  test.each<[string, readonly string[], Readonly<Record<string, string>>, 'site' | 'bucket' | 'nobody']>([
    ['its own policy speaks of the site', [BORN], { [BORN]: documentOn(SITE) }, 'site'],
    ['its own policy speaks of the bucket', [BORN], { [BORN]: documentOn(`${SITE}-api`) }, 'bucket'],
    ['another that is attached speaks of the site', [ODD], { [ODD]: documentOn(SITE) }, 'site'],
    [
      'nothing is attached any more, but the policy it was made with is there',
      [],
      { [BORN]: documentOn(SITE) },
      'site',
    ],
    [
      'the policy it was made with is not attached, but another is',
      [ODD],
      { [BORN]: documentOn(SITE), [ODD]: '{}' },
      'nobody',
    ],
    ['the policy is gone', [BORN], {}, 'nobody'],
    ['the policy speaks of many buckets', [BORN], { [BORN]: documentOn('*') }, 'nobody'],
    ['only AWS’s policies are attached', ['arn:aws:iam::aws:policy/AmazonS3FullAccess'], {}, 'nobody'],
  ])('%s', async (_title, attached, texts, whose) => {
    const aws = await world(attached, texts);
    const verdict = (own: string, foreign: string) => ({
      own: whose === own ? [NAME] : [],
      foreign: whose === foreign ? [NAME] : [],
    });
    expect((await tellGroups(aws.context, asWebsite(SITE), [group(NAME)])).proven).toEqual(verdict('site', 'none'));
    expect((await tellGroups(aws.context, asBucket(`${SITE}-api`), [group(NAME)])).proven).toEqual(
      verdict('bucket', 'site'),
    );
  });

  test.each(REFUSALS)('%s leaves it undecided, which is an error', async (code, status, kind, times) => {
    const aws = await world([BORN], {});
    aws.iam.on(GetPolicyCommand).rejects(awsError(code, status));
    expect(await errorOf(tellGroups(aws.context, asWebsite(SITE), [group(NAME)]))).toMatchObject({ kind });
    expect(aws.iam.commandCalls(GetPolicyCommand)).toHaveLength(times);
  });
});

test('the texts of a group’s policies: each once, its own first', async () => {
  const aws = await world([ODD, BORN, arnOf('gone')], { [BORN]: 'born', [ODD]: 'odd' });
  expect(await groupDocuments(aws.context, NAME)).toEqual(['born', 'odd']);
});
