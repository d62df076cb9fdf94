import {
  ChangeResourceRecordSetsCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import { CLOUDFRONT_ZONE } from '../../../../../src/domain/website/dns/aws/records';
import { createAlias, deleteAlias } from '../../../../../src/domain/website/dns/aws/change';
import { SITE, siteDistribution } from '../../../../support/distributions';
import { awsError, mockedAws, type MockedAws } from '../../../../support/mocks/mocked-aws';
import { changes, handle, OPERATION, stepAlone } from '../../../../support/steps';

/** As Route 53 gives records back: with a final dot. */
const alias = (Type: 'A' | 'AAAA', DNSName = 'd1.cloudfront.net.'): ResourceRecordSet => ({
  Name: `${SITE}.`,
  Type,
  AliasTarget: { DNSName, HostedZoneId: CLOUDFRONT_ZONE, EvaluateTargetHealth: false },
});
const COMMENTS: Readonly<Record<string, string>> = { CREATE: 'created', DELETE: 'deleted', UPSERT: 'put back' };
const batch = (Action: string, ...records: readonly ResourceRecordSet[]) => ({
  HostedZoneId: 'Z1',
  ChangeBatch: {
    Comment: `mallard op/${OPERATION} ${COMMENTS[Action] ?? ''} for ${SITE}`,
    Changes: records.map((ResourceRecordSet) => ({ Action, ResourceRecordSet })),
  },
});
const pending = { Id: undefined, Status: 'PENDING', SubmittedAt: undefined };
const zoneHas = (aws: MockedAws, ...ResourceRecordSets: readonly ResourceRecordSet[]) =>
  aws.route53.on(ListResourceRecordSetsCommand).resolves({ ResourceRecordSets: [...ResourceRecordSets] });

describe('pointing a name at its distribution', () => {
  const pointing = ({ context }: MockedAws, distribution = siteDistribution()) =>
    stepAlone(context, createAlias(context, 'Z1', SITE, handle()), {
      distribution: { id: 'E1', etag: 'v1', distribution },
    });

  test('makes both records in one batch and gives the change', async () => {
    const aws = await mockedAws();
    const info = { Id: '/change/C1', Status: 'PENDING', SubmittedAt: new Date(0) } as const;
    aws.route53.on(ChangeResourceRecordSetsCommand).resolves({ ChangeInfo: info });
    expect(await pointing(aws).run()).toEqual(info);
    const records = (['A', 'AAAA'] as const).map((Type) => ({ ...alias(Type, 'd1.cloudfront.net'), Name: SITE }));
    expect(changes(aws.route53)).toEqual({ ChangeResourceRecordSets: [batch('CREATE', ...records)] });
  });

  test('is under way when the answer does not say how far', async () => {
    expect(await pointing(await mockedAws()).run()).toEqual(pending);
  });

  test('ends with `exists` when a record came in between, and with the truth about other refusals', async () => {
    const aws = await mockedAws();
    aws.route53
      .on(ChangeResourceRecordSetsCommand)
      .rejectsOnce(awsError('InvalidChangeBatch', 400))
      .rejects(awsError('AccessDenied', 403));
    zoneHas(aws, alias('A'));
    await expect(pointing(aws).run()).rejects.toMatchObject({
      error: { kind: 'exists', detail: `a DNS record ${SITE} exists already` },
    });
    await expect(pointing(aws).run()).rejects.toMatchObject({ error: { kind: 'denied' } });
  });

  test.each([
    [
      'is another domain’s',
      awsError(
        'InvalidChangeBatch',
        400,
        '[RRSet with DNS name docs.example.org. is not permitted in zone example.com.]',
      ),
    ],
    ['is not there', awsError('NoSuchHostedZone', 404)],
  ])('in a zone that %s is the operator’s mistake', async (_, refusal) => {
    const aws = await mockedAws();
    aws.route53.on(ChangeResourceRecordSetsCommand).rejects(refusal);
    await expect(pointing(aws).run()).rejects.toMatchObject({
      error: { kind: 'misconfigured', setting: 'domains.example.org.hostedZoneID' },
    });
  });

  // API_ChangeGuardrail and CreateResourceRecordSetProtections of November 2026: the answer names the guardrail, or has the
  // protection's comment.
  test.each([
    ['a guardrail', '[Change rejected by ACTIVE_RECORD_CHECK]', 'protected'],
    ['a protection', '[The record set is protected: ask the network team]', 'protected'],
    ['nothing anybody foresaw, without a record in the way', `[${SITE} is odd]`, 'conflict'],
    ['a name that only sounds so', "[Tried with [name='protected.example.org.', type='A'] and failed]", 'conflict'],
  ])('refused by %s is told as that', async (_, message, kind) => {
    const aws = await mockedAws();
    aws.route53.on(ChangeResourceRecordSetsCommand).rejects(awsError('InvalidChangeBatch', 400, message));
    zoneHas(aws);
    await expect(pointing(aws).run()).rejects.toMatchObject({
      error: { kind, detail: expect.stringContaining(message), origin: { code: 'InvalidChangeBatch' } },
    });
  });

  test('has happened when both records are there after a lost reply', async () => {
    const aws = await mockedAws();
    aws.route53.on(ChangeResourceRecordSetsCommand).rejects(awsError('ServiceUnavailable', 503));
    zoneHas(aws, alias('A', 'D1.CloudFront.net.'), alias('AAAA'));
    expect(await pointing(aws).perform()).toEqual({ state: 'done', result: pending });
    expect(changes(aws.route53)['ChangeResourceRecordSets']).toHaveLength(1);
  });

  test.each([
    ['one of the two', [alias('A')], [alias('A')]],
    ['somebody else’s records', [alias('A', 'd9.cloudfront.net.'), alias('AAAA', 'd9.cloudfront.net.')], []],
    ['no records', [], []],
  ])('has not happened where there are %s; the undo takes away only what points here', async (_, there, removed) => {
    const aws = await mockedAws();
    zoneHas(aws, ...there);
    expect(await pointing(aws).alreadyDone()).toBeUndefined();
    await pointing(aws).undo();
    expect(changes(aws.route53)).toEqual(
      removed.length === 0 ? {} : { ChangeResourceRecordSets: [batch('DELETE', ...removed)] },
    );
  });

  test.each([
    ['has nothing to take back where the zone is gone', 'NoSuchHostedZone', 404, true],
    ['is not taken back where the zone may not be looked at', 'AccessDenied', 403, false],
  ])('%s', async (_, code, status, done) => {
    const aws = await mockedAws();
    aws.route53.on(ListResourceRecordSetsCommand).rejects(awsError(code, status));
    const undone = pointing(aws).undo();
    await (done
      ? expect(undone).resolves.toBeUndefined()
      : expect(undone).rejects.toMatchObject({ error: { kind: 'denied' } }));
  });

  test('that has no known host takes nothing back', async () => {
    const aws = await mockedAws();
    zoneHas(aws, alias('A'), { Name: `${SITE}.`, Type: 'TXT' });
    await pointing(aws, siteDistribution({ DomainName: undefined })).undo();
    expect(changes(aws.route53)).toEqual({});
  });
});

describe('taking records away', () => {
  const both = [alias('A'), alias('AAAA')];
  const removing = ({ context }: MockedAws, records: readonly ResourceRecordSet[] = both) =>
    stepAlone(context, deleteAlias(context, 'Z1', SITE, records));

  test('names them exactly as they were seen, and the undo puts them back', async () => {
    const aws = await mockedAws();
    expect(await removing(aws).run()).toEqual(pending);
    await removing(aws).undo();
    expect(changes(aws.route53)).toEqual({
      ChangeResourceRecordSets: [batch('DELETE', ...both), batch('UPSERT', ...both)],
    });
  });

  test('is nothing to do where there were none', async () => {
    const aws = await mockedAws();
    expect(await removing(aws, []).run()).toBeUndefined();
    await removing(aws, []).undo();
    expect(changes(aws.route53)).toEqual({});
  });

  test.each([
    ['one vanished', [alias('A')], [batch('DELETE', ...both), batch('DELETE', alias('A'))]],
    [
      'one points elsewhere by now',
      [alias('A'), alias('AAAA', 'd9.cloudfront.net.')],
      [batch('DELETE', ...both), batch('DELETE', alias('A'))],
    ],
    ['all of them vanished', [], [batch('DELETE', ...both)]],
  ])('goes on with the rest when %s since they were seen', async (_, left, sent) => {
    const aws = await mockedAws();
    aws.route53.on(ChangeResourceRecordSetsCommand).rejectsOnce(awsError('InvalidChangeBatch', 400)).resolves({});
    zoneHas(aws, ...left);
    expect(await removing(aws).perform()).toEqual({ state: 'done', result: left.length === 0 ? undefined : pending });
    expect(changes(aws.route53)).toEqual({ ChangeResourceRecordSets: sent });
  });

  test('is refused as protected when a guardrail of the zone says so', async () => {
    const aws = await mockedAws();
    aws.route53
      .on(ChangeResourceRecordSetsCommand)
      .rejects(awsError('InvalidChangeBatch', 400, '[Change rejected by ACTIVE_RECORD_CHECK]'));
    zoneHas(aws, ...both);
    expect(await removing(aws).perform()).toMatchObject({ error: { kind: 'protected' } });
    expect(aws.route53.commandCalls(ChangeResourceRecordSetsCommand)).toHaveLength(1);
  });

  test('is refused as Route 53 says when all of them are there', async () => {
    const aws = await mockedAws();
    aws.route53.on(ChangeResourceRecordSetsCommand).rejects(awsError('InvalidChangeBatch', 400));
    zoneHas(aws, ...both);
    await expect(removing(aws).run()).rejects.toMatchObject({ error: { origin: { code: 'InvalidChangeBatch' } } });
  });

  test.each([
    ['has happened when only others are left', [{ Name: `${SITE}.`, Type: 'TXT' } as const], { result: undefined }],
    ['has not happened while one of them is there', [alias('AAAA')], undefined],
  ])('%s', async (_, left, expected) => {
    const aws = await mockedAws();
    zoneHas(aws, ...left);
    expect(await removing(aws).alreadyDone()).toEqual(expected);
  });
});
