import { secret } from '../../../src/base/secret';
import { document, operations, resolve } from '../../../src/http/contract/document';
import { encoderOf } from '../../../src/http/contract/encode';
import { encoderAt } from '../../../src/http/contract/schema-encoder';

interface Example {
  readonly title: string;
  readonly operationId: string;
  readonly status: number;
  readonly value: unknown;
}

interface Media {
  readonly example?: unknown;
  readonly examples?: Record<string, { readonly value: unknown }>;
}

/** What the document shows of every successful answer of JSON. */
const examples: readonly Example[] = operations.flatMap(({ operationId, responses }) =>
  [...responses]
    .filter(([status]) => status < 300)
    .flatMap(([status, pointer]) => {
      const content = (resolve(pointer).value['content'] ?? {}) as Record<string, Media>;
      const media = content['application/json'];
      const all = { ...media?.examples, ...(media?.example !== undefined && { example: { value: media.example } }) };
      return Object.entries(all).map(([name, { value }]) => ({
        title: `${operationId} ${status} ${name}`,
        operationId,
        status,
        value,
      }));
    }),
);

const USER = { UserName: 'ada', Arn: 'arn:ada' };
const KEY = { AccessKeyId: 'AKIA', Status: 'Active', UserName: 'ada' };

test.each(examples)('the example $title is encoded as it is', ({ operationId, status, value }) => {
  const encoded = encoderOf(operationId, status)(value);
  expect(encoded).toEqual(filledIn(value, encoded));
});

/** Examples of AWS's documents may leave out members that are always there: those are null. */
function filledIn(example: unknown, encoded: unknown): unknown {
  if (Array.isArray(example) && Array.isArray(encoded)) return example.map((each, i) => filledIn(each, encoded[i]));
  if (typeof example !== 'object' || example === null || typeof encoded !== 'object' || encoded === null)
    return example;
  const given = Object.entries(example).map(([name, value]) => [
    name,
    filledIn(value, (encoded as Record<string, unknown>)[name]),
  ]);
  const absent = Object.entries(encoded).filter(([name, value]) => !(name in example) && value === null);
  return Object.fromEntries([...given, ...absent]);
}

test('every successful answer of JSON has an encoder, and others have none', () => {
  expect(examples.length).toBeGreaterThan(50);
  for (const { operationId, responses } of operations) {
    for (const [status, pointer] of responses) {
      const isJson = 'application/json' in Object(resolve(pointer).value['content']);
      if (isJson) expect(encoderOf(operationId, status)).toBe(encoderOf(operationId, status));
      else expect(() => encoderOf(operationId, status)).toThrow(`${operationId} answers ${status} without JSON`);
    }
  }
  expect(() => encoderOf('createBucket', 299)).toThrow('createBucket has no answer with status 299');
});

describe('what AWS has no value for', () => {
  test('members that are always there are null, in the order of the document', () => {
    expect(JSON.stringify(encoderOf('createBucket', 202)({ Bucket: '/photos', Policy: undefined }))).toBe(
      '{"Bucket":"/photos","Policy":null,"Group":null}',
    );
  });

  test('members that may be absent are left out, and so are lists that have nothing to say', () => {
    expect(encoderOf('deleteBucket', 200)({ kept: [], left: undefined })).toEqual({});
    expect(encoderOf('updateBucket', 200)({ warnings: [] })).toEqual({});
    expect(encoderOf('updateBucket', 200)({ warnings: ['no tags'] })).toEqual({ warnings: ['no tags'] });
    expect(encoderOf('runCleaner', 200)({ distributions: [], orphans: [], nextRun: undefined })).toEqual({
      distributions: [],
      orphans: [],
      nextRun: null,
    });
  });

  test('a user has every member, null where AWS has no value', () => {
    const PermissionsBoundary = { PermissionsBoundaryArn: 'arn', PermissionsBoundaryType: undefined };
    expect(
      encoderOf(
        'listUsers',
        200,
      )([{ UserName: 'u', PermissionsBoundary, Tags: undefined, Groups: [], Status: 'Active', AccessKeys: [] }]),
    ).toEqual([
      {
        Arn: null,
        CreateDate: null,
        PasswordLastUsed: null,
        Path: null,
        PermissionsBoundary: { PermissionsBoundaryArn: 'arn', PermissionsBoundaryType: null },
        Tags: null,
        UserId: null,
        UserName: 'u',
        Groups: [],
        Status: 'Active',
        AccessKeys: [],
      },
    ]);
  });

  test('an operation that gives nothing answers with an object', () => {
    expect(encoderOf('updateWebsite', 200)(undefined)).toEqual({});
    expect(encoderOf('deleteKey', 200)(undefined)).toEqual({});
  });

  test('a user without tags has null, a bucket without tags an empty list', () => {
    expect(encoderOf('listUsers', 200)([{ ...USER, Tags: [] }])).toMatchObject([{ Tags: null }]);
    expect(encoderOf('showBucket', 200)({ Tags: [], Empty: true })).toEqual({ Tags: [], Logging: null, Empty: true });
  });

  test('a setting that was asked for and never set is null, one that was not asked for is absent', () => {
    expect(encoderOf('showBucket', 200)({ Tags: [], Empty: true, CORS: null })).toEqual({
      Tags: [],
      Logging: null,
      Empty: true,
      CORS: null,
    });
  });
});

test('members that the document does not name stay here, at any depth', () => {
  const users = encoderOf('listUsers', 200)([{ ...USER, Password: 'x', PermissionsBoundary: { Hidden: 1 } }]);
  expect(JSON.stringify(users)).not.toMatch(/Password"|Hidden/);
  expect(encoderOf('deleteKey', 200)({ AccessKey: secret('s') })).toEqual({});
});

test('times are ISO-8601 in UTC, with milliseconds only where there are some', () => {
  const encode = encoderOf('setKeyStatus', 200);
  expect(encode({ ...KEY, CreateDate: new Date('2019-03-01T16:11:00Z') })).toMatchObject({
    CreateDate: '2019-03-01T16:11:00Z',
  });
  expect(encode({ ...KEY, CreateDate: new Date('2019-03-01T16:11:00.120Z') })).toMatchObject({
    CreateDate: '2019-03-01T16:11:00.120Z',
  });
});

describe('secrets', () => {
  test('are revealed where the document marks them', () => {
    expect(encoderOf('addKey', 200)({ AccessKey: { ...KEY, SecretAccessKey: secret('s3cr3t') } })).toMatchObject({
      AccessKey: { SecretAccessKey: 's3cr3t' },
    });
    const url = { url: secret('https://u'), fields: { Policy: secret('p') }, expiresAt: new Date(0) };
    expect(encoderOf('signUpload', 200)(url)).toEqual({
      url: 'https://u',
      fields: { Policy: 'p' },
      expiresAt: '1970-01-01T00:00:00Z',
    });
  });

  test.each([
    ['a text', 'setKeyStatus', { ...KEY, UserName: secret('s') }],
    ['a time', 'setKeyStatus', { ...KEY, CreateDate: secret('s') }],
    ['a list', 'showUser', { User: USER, AccessKeys: secret('s') }],
    ['an object', 'showUser', { User: secret('s') }],
    ['the values of a list', 'listBuckets', [secret('s')]],
    ['a document of AWS', 'invalidateCache', { Invalidation: { Id: 'I', New: { deep: [secret('s')] } } }],
    ['a setting', 'showBucket', { Tags: [], Empty: true, BucketPolicy: { Statement: secret('s') } }],
    ['headers of an upload', 'signUpload', { url: secret('u'), headers: { a: secret('s') } }],
  ])('never in place of %s', (_, operationId, value) => {
    expect(() => encoderOf(operationId, 200)(value)).toThrow(/a secret may stand only where the document has x-secret/);
  });
});

test('what is of another kind than the document says is a mistake of ours', () => {
  expect(() => encoderOf('listBuckets', 200)('photos')).toThrow('is no list');
  expect(() => encoderOf('listBuckets', 200)([{ name: 'photos' }])).toThrow('is no string');
  expect(() => encoderOf('showUser', 200)([USER])).toThrow('is no object');
  expect(() => encoderOf('showBucket', 200)({ BucketPolicy: () => 1 })).toThrow('JSON cannot hold a function');
});

test('a schema with words that answers do not use is refused when it is compiled', () => {
  for (const _ of ['at first', 'and ever after']) {
    expect(() => encoderAt('/components/schemas/LifecycleChange/else')).toThrow('an answer has one kind, or null');
  }
});

test('a schema that holds itself encodes values as deep as they are', () => {
  jest.isolateModules(() => {
    const Tree = {
      type: 'object',
      additionalProperties: false,
      required: ['name'],
      properties: {
        name: { type: 'string' },
        below: { type: 'array', items: { $ref: '#/components/schemas/Tree' } },
      },
    };
    jest.doMock('../../../openapi.yaml', () => ({
      __esModule: true,
      default: { ...document, components: { ...Object(document['components']), schemas: { Tree } } },
    }));
    const fresh = jest.requireActual<{ encoderAt: typeof encoderAt }>('../../../src/http/contract/schema-encoder');
    const tree = { name: 'a', below: [{ below: [{ name: 'c', hidden: 1 }] }] };
    expect(fresh.encoderAt('/components/schemas/Tree')(tree)).toEqual({
      name: 'a',
      below: [{ name: null, below: [{ name: 'c' }] }],
    });
    jest.dontMock('../../../openapi.yaml');
  });
});
