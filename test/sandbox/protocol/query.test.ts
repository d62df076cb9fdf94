import { AwsRefusal, type WireRequest } from '../../../src/sandbox/contract';
import { readQuery, writeQueryError, writeQueryResult } from '../../../src/sandbox/protocol/query';

function request(body: string): WireRequest {
  return {
    method: 'POST',
    rawPath: '/',
    query: new URLSearchParams(),
    headers: {},
    host: 'h',
    body: Buffer.from(body),
  };
}

describe('readQuery', () => {
  it('reads scalars with what form encoding does to them', () => {
    const params = readQuery(request('Action=CreateUser&Version=1&UserName=a%2Bb+c'));
    expect([params.action, params.version, params.get('UserName'), params.get('Path')]).toEqual([
      'CreateUser',
      '1',
      'a+b c',
      undefined,
    ]);
  });

  it('reads lists in the order of their numbers, not of their names', () => {
    const body = Array.from({ length: 11 }, (_, index) => `TagKeys.member.${index + 1}=k${index + 1}`)
      .reverse()
      .join('&');
    expect(readQuery(request(body)).strings('TagKeys')).toEqual(
      Array.from({ length: 11 }, (_, index) => `k${index + 1}`),
    );
  });

  it('reads lists of structures', () => {
    const body =
      'Tags.member.2.Key=b&Tags.member.2.Value=2&Tags.member.1.Key=a&Tags.member.1.Value=&TagsX.member.1.Key=no';
    expect(readQuery(request(body)).records('Tags')).toEqual([
      { Key: 'a', Value: '' },
      { Key: 'b', Value: '2' },
    ]);
  });

  it('takes a call in the query of a GET', () => {
    const wire: WireRequest = { ...request(''), method: 'GET', query: new URLSearchParams('Action=GetCallerIdentity') };
    expect(readQuery(wire).action).toBe('GetCallerIdentity');
  });
});

describe('answers', () => {
  it('without result have no result element', () => {
    expect(writeQueryResult('DeleteUser', 'urn:x', undefined, 'id').body).toContain(
      '<DeleteUserResponse xmlns="urn:x"><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></DeleteUserResponse>',
    );
  });

  it.each([
    [400, 'Sender'],
    [500, 'Receiver'],
  ])('of %d are the fault of the %s', (status, type) => {
    const answer = writeQueryError(new AwsRefusal(status, 'Code', 'why & how'), 'urn:x', 'id');
    expect(answer.status).toBe(status);
    expect(answer.body).toContain(`<Type>${type}</Type><Code>Code</Code><Message>why &amp; how</Message>`);
  });
});
