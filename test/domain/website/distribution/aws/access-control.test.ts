import {
  CreateOriginAccessControlCommand,
  ListOriginAccessControlsCommand,
  type OriginAccessControlSummary,
} from '@aws-sdk/client-cloudfront';
import {
  ensureAccessControl,
  newestAccessControl,
} from '../../../../../src/domain/website/distribution/aws/access-control';
import type { AccessControl } from '../../../../../src/domain/website/distribution/rules/private-origins';
import { awsError, mockedAws, type MockedAws } from '../../../../support/mocks/mocked-aws';
import { changes, stepAlone } from '../../../../support/steps';

describe('the origin access control of an account', () => {
  const ensuring = ({ context }: MockedAws, control: AccessControl = { number: 1 }) =>
    stepAlone(context, ensureAccessControl(context, control));
  const control = (Id: string, Name: string): OriginAccessControlSummary => ({
    Id,
    Name,
    Description: '',
    SigningProtocol: 'sigv4',
    SigningBehavior: 'always',
    OriginAccessControlOriginType: 's3',
  });
  const page = (Items: OriginAccessControlSummary[] | undefined, NextMarker?: string) => ({
    OriginAccessControlList: {
      Marker: '',
      MaxItems: 100,
      Quantity: Items?.length ?? 0,
      IsTruncated: NextMarker !== undefined,
      ...(Items && { Items }),
      ...(NextMarker !== undefined && { NextMarker }),
    },
  });
  const ours = page([control('OAC1', 'mallard-private-origin')]);

  test('is found on whichever page it stands', async () => {
    const aws = await mockedAws();
    aws.cloudfront.on(ListOriginAccessControlsCommand).resolves(page([control('OAC0', 'theirs')], 'm1'));
    aws.cloudfront.on(ListOriginAccessControlsCommand, { Marker: 'm1' }).resolves(ours);
    expect(await ensuring(aws).run()).toBe('OAC1');
    expect(await ensuring(aws).alreadyDone()).toEqual({ result: 'OAC1' });
    expect(changes(aws.cloudfront)).toEqual({});
  });

  test.each([
    ['no list', {}],
    ['an empty page', page(undefined)],
    ['those of others', page([control('OAC0', 'theirs')])],
  ])('is made where there is %s', async (_, listed) => {
    const aws = await mockedAws();
    aws.cloudfront.on(ListOriginAccessControlsCommand).resolves(listed);
    aws.cloudfront.on(CreateOriginAccessControlCommand).resolves({ OriginAccessControl: { Id: 'OAC2' } });
    expect(await ensuring(aws).alreadyDone()).toBeUndefined();
    expect(await ensuring(aws).run()).toBe('OAC2');
    expect(changes(aws.cloudfront)).toMatchObject({
      CreateOriginAccessControl: [
        { OriginAccessControlConfig: { Name: 'mallard-private-origin', SigningBehavior: 'always' } },
      ],
    });
  });

  test('is the neighbour’s who was faster, once CloudFront shows it', async () => {
    const aws = await mockedAws();
    aws.cloudfront.on(ListOriginAccessControlsCommand).resolvesOnce({}).resolvesOnce({}).resolves(ours);
    aws.cloudfront.on(CreateOriginAccessControlCommand).rejects(awsError('OriginAccessControlAlreadyExists', 409));
    expect(await ensuring(aws).perform()).toEqual({ state: 'done', result: 'OAC1' });
  });

  test('is there after a lost reply', async () => {
    const aws = await mockedAws();
    aws.cloudfront.on(ListOriginAccessControlsCommand).resolvesOnce({}).resolves(ours);
    aws.cloudfront.on(CreateOriginAccessControlCommand).rejects(awsError('InternalError', 500));
    expect(await ensuring(aws).perform()).toEqual({ state: 'done', result: 'OAC1' });
    expect(aws.cloudfront.commandCalls(CreateOriginAccessControlCommand)).toHaveLength(1);
  });

  test.each([
    ['it exists and stays hidden', awsError('OriginAccessControlAlreadyExists', 409), { kind: 'exists' }],
    ['it may not be made', awsError('AccessDenied', 403), { kind: 'denied' }],
  ])('fails when %s', async (_, refusal, error) => {
    const aws = await mockedAws();
    aws.cloudfront.on(CreateOriginAccessControlCommand).rejects(refusal);
    await expect(ensuring(aws).run()).rejects.toMatchObject({ error });
  });

  test('fails when the answer names none', async () => {
    await expect(ensuring(await mockedAws()).run()).rejects.toMatchObject({ error: { kind: 'unforeseen' } });
  });

  test('of another number is found and made by its own name', async () => {
    const aws = await mockedAws();
    aws.cloudfront.on(ListOriginAccessControlsCommand).resolves(ours);
    aws.cloudfront.on(CreateOriginAccessControlCommand).resolves({ OriginAccessControl: { Id: 'OAC2' } });
    expect(await ensuring(aws, { number: 2 }).run()).toBe('OAC2');
    expect(changes(aws.cloudfront)).toMatchObject({
      CreateOriginAccessControl: [{ OriginAccessControlConfig: { Name: 'mallard-private-origin-2' } }],
    });
  });

  test('that the look has seen is not looked for again', async () => {
    const aws = await mockedAws();
    expect(await ensuring(aws, { number: 2, id: 'OAC2' }).run()).toBe('OAC2');
    expect(aws.cloudfront.calls()).toEqual([]);
  });

  test.each<readonly [string, readonly string[], AccessControl]>([
    ['the first, yet to be made, where there is none of ours', ['theirs'], { number: 1 }],
    ['the first where there is one', ['mallard-private-origin'], { number: 1, id: 'mallard-private-origin' }],
    [
      'the one with the highest number, in whatever order they stand, whatever is called like them',
      [
        'mallard-private-origin-10',
        'mallard-private-origin-9',
        'mallard-private-origin',
        'mallard-private-origin-011',
        'mallard-private-origin-11x',
        'my-mallard-private-origin-12',
      ],
      { number: 10, id: 'mallard-private-origin-10' },
    ],
  ])('is %s', async (_, names, newest) => {
    const aws = await mockedAws();
    aws.cloudfront.on(ListOriginAccessControlsCommand).resolves(page(names.map((name) => control(name, name))));
    expect(await newestAccessControl(aws.context)).toEqual(newest);
  });
});
