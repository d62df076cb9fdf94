import { operationTable } from '../../../src/operations/table';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020';
import { isAlias, parseDocument, visit } from 'yaml';
import { requestCheck, responseValidator } from '../../../src/http/contract/checks';
import { document, operations, resolve } from '../../../src/http/contract/document';
import type { createHttp } from '../../../src/http/server';
import { notSteered } from '../../../src/operations/steering';
import { lifecycleNames } from '../../../src/domain/bucket/settings/rules/lifecycle';
import { BUCKET_ROLES, WEBSITE_ROLES } from '../../../src/domain/shared/role';
import { MAX_CALLER_TAGS } from '../../../src/domain/shared/tags';
import { httpConfig, startHttp } from '../../support/http';

interface Found {
  /** JSON pointer. */
  readonly at: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

/** Everything below a value that may be a schema: whatever has members. */
function schemasIn(value: unknown, at = ''): readonly Found[] {
  if (typeof value !== 'object' || value === null) return [];
  const below = Object.entries(value).flatMap(([name, member]) =>
    schemasIn(member, `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
  return [{ at, schema: value as Found['schema'] }, ...below];
}

/** From the first character to the last, with no alternative beside. */
function isAnchored(pattern: string): boolean {
  const plain = pattern.replace(/\\./g, '_').replace(/\[[^\]]*\]/g, '_');
  const inside = /^\^(.*)\$$/.exec(plain)?.[1];
  let depth = 0;
  return (
    inside !== undefined &&
    [...inside].every((char) => {
      if (char === '(') depth += 1;
      if (char === ')') depth -= 1;
      return depth > 0 || char !== '|';
    })
  );
}

/** The members of a request's body that may be absent, at whatever depth. */
function optionalMembers(pointer: string): readonly Found[] {
  const { value, pointer: at } = resolve(pointer);
  const {
    properties = {},
    required = [],
    anyOf = [],
  } = value as {
    readonly properties?: object;
    readonly required?: readonly string[];
    readonly anyOf?: readonly unknown[];
  };
  const members = Object.keys(properties).flatMap((name) => {
    const member = `${at}/properties/${name}`;
    return [
      ...(required.includes(name) ? [] : [{ at: member, schema: resolve(member).value }]),
      ...optionalMembers(member),
    ];
  });
  const inside = [
    ...anyOf.map((_, index) => `${at}/anyOf/${String(index)}`),
    ...['items', 'else'].filter((name) => name in value).map((name) => `${at}/${name}`),
  ];
  return [...members, ...inside.flatMap(optionalMembers)];
}

const bodies = operations.flatMap(({ body }) => (body === undefined ? [] : [body]));

describe('what generators of clients make of the document', () => {
  const text = readFileSync(join(__dirname, '../../../openapi.yaml'), 'utf8');

  test('parsers that bound YAML’s aliases load it: at most 50', () => {
    let aliases = 0;
    visit(parseDocument(text), (_, node) => {
      if (isAlias(node)) aliases += 1;
    });
    expect(aliases).toBeLessThanOrEqual(50);
  });

  test('every member of a request that may be absent may be null: else clients fill in what nobody meant', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema(document, 'openapi', false, false);
    const optional = bodies.flatMap(optionalMembers);
    expect(optional.length).toBeGreaterThan(50);
    const refused = optional.filter(
      ({ at }) => !ajv.validate({ $ref: `openapi#${at.split('/').map(encodeURIComponent).join('/')}` }, null),
    );
    expect(refused.map(({ at }) => at)).toEqual([]);
  });

  test('null is as absent, at any depth, and is refused where a value is needed', () => {
    for (const operation of operations) {
      const examples =
        operation.body === undefined ? {} : resolve(operation.body.replace(/\/schema$/, '')).value['examples'];
      for (const { value } of Object.values(examples as Record<string, { readonly value: object }>)) {
        const { properties = {} } = resolve(operation.body ?? '').value as { readonly properties?: object };
        const nulls = Object.fromEntries(Object.keys(properties).map((name) => [name, null]));
        expect(requestCheck(operation).body({ ...nulls, ...value })).toEqual(value);
      }
    }
    const createUser = operations.find(({ operationId }) => operationId === 'createUser');
    const check = createUser && requestCheck(createUser);
    expect(check?.body({ User: { UserName: 'ada', Path: null, Tags: null }, Groups: null })).toEqual({
      User: { UserName: 'ada' },
    });
    expect(() => check?.body({ User: { UserName: null } })).toThrow('/User/UserName must be a string');
    expect(() => check?.body({ User: { UserName: 'ada' }, Group: null })).toThrow('unknown member "Group"');
  });

  test('a bucket policy and the rules of a lifecycle keep their nulls', () => {
    const update = operations.find(({ operationId }) => operationId === 'updateBucket');
    const body = {
      BucketPolicy: { Statement: [{ Condition: null }] },
      Lifecycle: { Name: 'glacier', Rules: [{ Prefix: null }] },
    };
    expect(update && requestCheck(update).body(body)).toEqual(body);
  });

  test('no schema that clients get has a type of several kinds, which many cannot hold', () => {
    const several = schemasIn(document).filter(
      ({ at, schema: { type } }) =>
        Array.isArray(type) && type.filter((kind) => kind !== 'null').length > 1 && !/\/(?:else|not)$/.test(at),
    );
    expect(several.map(({ at }) => at)).toEqual([]);
  });
});

describe('routes and operationIds', () => {
  test('every operation of the document is answered where the document says', async () => {
    const http = await startHttp();
    for (const [family, Bucket] of [
      ['buckets', 'foobarbucketname'],
      ['websites', 'foobar.bulldogs.cloud'],
    ] as const) {
      await http.send(`/v1/s3/demo/${family}`, { method: 'POST', body: { BucketInput: { Bucket } } });
    }
    for (const { operationId, method, path } of operations) {
      const concrete = path
        .replace('{account}', 'demo')
        .replace('{bucket}', 'foobarbucketname')
        .replace('{website}', 'foobar.bulldogs.cloud')
        .replace('{user}', 'nobody');
      const seen = await http.send(concrete, { method });
      // What may be asked without a body is answered; what may not is refused by this very operation.
      expect(responseValidator(operationId, seen.status)?.(seen)).toEqual([]);
      expect({ path, method, status: seen.status }).not.toMatchObject({ status: 405 });
    }
    await http.close();
  });

  test('what is answered is in the document: the routes of the contract, each under its operationId', () => {
    expect(operations.map(({ method, path, operationId }) => `${method} ${path} ${operationId}`).sort()).toEqual(
      [
        'GET /ping pingAtRoot',
        'GET /version versionAtRoot',
        'GET /metrics metricsAtRoot',
        'GET /health/ready readyAtRoot',
        'GET /v1/s3/ping ping',
        'GET /v1/s3/version version',
        'GET /v1/s3/metrics metrics',
        'GET /v1/s3/health/ready ready',
        'GET /v1/s3/{account}/buckets listBuckets',
        'POST /v1/s3/{account}/buckets createBucket',
        'HEAD /v1/s3/{account}/buckets/{bucket} headBucket',
        'GET /v1/s3/{account}/buckets/{bucket} showBucket',
        'PUT /v1/s3/{account}/buckets/{bucket} updateBucket',
        'DELETE /v1/s3/{account}/buckets/{bucket} deleteBucket',
        'GET /v1/s3/{account}/buckets/{bucket}/duck bookmarkBucket',
        'GET /v1/s3/{account}/buckets/{bucket}/clients/{tool} configureBucketClient',
        'GET /v1/s3/{account}/buckets/{bucket}/users listUsers',
        'POST /v1/s3/{account}/buckets/{bucket}/users createUser',
        'GET /v1/s3/{account}/buckets/{bucket}/users/{user} showUser',
        'PUT /v1/s3/{account}/buckets/{bucket}/users/{user} resetKeys',
        'DELETE /v1/s3/{account}/buckets/{bucket}/users/{user} deleteUser',
        'GET /v1/s3/{account}/websites listWebsites',
        'POST /v1/s3/{account}/websites createWebsite',
        'HEAD /v1/s3/{account}/websites/{website} headWebsite',
        'GET /v1/s3/{account}/websites/{website} showWebsite',
        'PUT /v1/s3/{account}/websites/{website} updateWebsite',
        'PATCH /v1/s3/{account}/websites/{website} invalidateCache',
        'DELETE /v1/s3/{account}/websites/{website} deleteWebsite',
        'GET /v1/s3/{account}/websites/{website}/duck bookmarkWebsite',
        'GET /v1/s3/{account}/websites/{website}/clients/{tool} configureWebsiteClient',
        'GET /v1/s3/{account}/websites/{website}/users listWebsiteUsers',
        'POST /v1/s3/{account}/websites/{website}/users createWebsiteUser',
        'GET /v1/s3/{account}/websites/{website}/users/{user} showWebsiteUser',
        'PUT /v1/s3/{account}/websites/{website}/users/{user} resetWebsiteKeys',
        'DELETE /v1/s3/{account}/websites/{website}/users/{user} deleteWebsiteUser',
        'POST /v1/s3/{account}/buckets/{bucket}/objects signUpload',
        'GET /v1/s3/{account}/buckets/{bucket}/objects/{path} signDownload',
        'DELETE /v1/s3/{account}/buckets/{bucket}/objects/{path} signDeletion',
        'POST /v1/s3/{account}/websites/{website}/objects signWebsiteUpload',
        'GET /v1/s3/{account}/websites/{website}/objects/{path} signWebsiteDownload',
        'DELETE /v1/s3/{account}/websites/{website}/objects/{path} signWebsiteDeletion',
        'POST /aws/storage/{account}/{bucket} signStorageUpload',
        'GET /aws/storage/{account}/{bucket}/{path} signStorageDownload',
        'DELETE /aws/storage/{account}/{bucket}/{path} signStorageDeletion',
        'PATCH /v1/s3/{account}/buckets/{bucket}/users/{user} changeUser',
        'GET /v1/s3/{account}/buckets/{bucket}/users/{user}/keys listKeys',
        'POST /v1/s3/{account}/buckets/{bucket}/users/{user}/keys addKey',
        'DELETE /v1/s3/{account}/buckets/{bucket}/users/{user}/keys revokeKeys',
        'PATCH /v1/s3/{account}/buckets/{bucket}/users/{user}/keys/{key} setKeyStatus',
        'DELETE /v1/s3/{account}/buckets/{bucket}/users/{user}/keys/{key} deleteKey',
        'PATCH /v1/s3/{account}/websites/{website}/users/{user} changeWebsiteUser',
        'GET /v1/s3/{account}/websites/{website}/users/{user}/keys listWebsiteKeys',
        'POST /v1/s3/{account}/websites/{website}/users/{user}/keys addWebsiteKey',
        'DELETE /v1/s3/{account}/websites/{website}/users/{user}/keys revokeWebsiteKeys',
        'PATCH /v1/s3/{account}/websites/{website}/users/{user}/keys/{key} setWebsiteKeyStatus',
        'DELETE /v1/s3/{account}/websites/{website}/users/{user}/keys/{key} deleteWebsiteKey',
        'GET /v1/s3/{account}/keys reportKeys',
        'GET /v1/s3/{account}/operations listOperations',
        'GET /v1/s3/{account}/operations/{operation} showOperation',
        'GET /v1/s3/{account}/operations/{operation}/events watchOperation',
        'POST /v1/s3/{account}/operations/{operation}/cancel cancelOperation',
        'POST /v1/s3/{account}/operations/{operation}/retry retryOperation',
        'GET /v1/s3/{account}/cleaner previewCleaner',
        'POST /v1/s3/{account}/cleaner/run runCleaner',
      ].sort(),
    );
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  });

  test('a document without an operation that has a handler does not start', () => {
    jest.isolateModules(() => {
      jest.doMock('../../../openapi.yaml', () => {
        const paths = Object.fromEntries(
          Object.entries(document['paths'] as object).filter(([path]) => path !== '/version'),
        );
        return { __esModule: true, default: { ...document, paths } };
      });
      const { createHttp: create } = jest.requireActual<{ createHttp: typeof createHttp }>('../../../src/http/server');
      const more = { service: { ids: operationTable.ids }, steering: notSteered };
      expect(() => create({ config: httpConfig, ...more } as never)).toThrow(/lacks versionAtRoot/);
      jest.dontMock('../../../openapi.yaml');
    });
  });

  test('the examples of requests and answers fit their schemas', () => {
    for (const operation of operations) {
      const { operationId, responses, body } = operation;
      const sent = body === undefined ? {} : resolve(body.replace(/\/schema$/, '')).value['examples'];
      for (const { value } of Object.values(sent as Record<string, { value: unknown }>)) {
        expect(() => requestCheck(operation).body(value)).not.toThrow();
      }
      for (const [status, pointer] of responses) {
        const response = resolve(pointer);
        const content = Object.entries((response.value['content'] ?? {}) as Record<string, Record<string, unknown>>);
        for (const [type, media] of content) {
          const examples = (media['examples'] ?? {}) as Record<string, { value: unknown }>;
          for (const [name, { value }] of Object.entries(examples)) {
            const header = (wanted: string) =>
              wanted === 'content-type'
                ? type
                : { 'X-Request-Id': 'r', Allow: 'GET', 'Content-Disposition': 'attachment' }[wanted];
            expect([
              operationId,
              status,
              name,
              responseValidator(operationId, status)?.({ header, body: value }),
            ]).toEqual([operationId, status, name, []]);
          }
        }
      }
    }
  });

  test('every operation says what any request can be answered with, whatever its method', () => {
    for (const { operationId, responses } of operations) {
      expect({ operationId, documented: [...responses.keys()] }).toEqual({
        operationId,
        documented: expect.arrayContaining([400, 413, 417, 500]),
      });
    }
  });

  test('what the document lists is what provisioning knows', () => {
    expect(resolve('/components/schemas/Lifecycle').value['enum']).toEqual(lifecycleNames);
    expect(resolve('/components/schemas/CallerTags').value['maxItems']).toBe(MAX_CALLER_TAGS + 1);
    expect(resolve('/components/schemas/CreateUser/properties/Groups/items').value['enum']).toEqual(
      BUCKET_ROLES.map((role) => `${role}Grp`),
    );
    expect(resolve('/components/schemas/CreateWebsiteUser/properties/Groups/items').value['enum']).toEqual(
      WEBSITE_ROLES.map((role) => `${role}Grp`),
    );
  });

  test('patterns are of the kind that every validator reads: no Unicode properties, anchored on both sides', () => {
    expect(JSON.stringify(document)).not.toMatch(/\\p\{/i);
    const patterns = schemasIn(document).flatMap(({ at, schema }) =>
      typeof schema['pattern'] === 'string' ? [{ at, pattern: schema['pattern'] }] : [],
    );
    expect(patterns.length).toBeGreaterThan(20);
    // Some clients search the text for a pattern, some try it at its first character.
    expect(patterns.filter(({ pattern }) => !isAnchored(pattern))).toEqual([]);
  });

  test('an answer that differs from the document is told apart', () => {
    const validate = responseValidator('showBucket', 200);
    const header = (name: string) => ({ 'content-type': 'application/json', 'X-Request-Id': 'r' })[name];
    expect(validate?.({ header, body: { Tags: [], Logging: null, Empty: true } })).toEqual([]);
    expect(validate?.({ header, body: { Tags: [], Empty: true } })).toEqual(['the body lacks "Logging"']);
    expect(validate?.({ header, body: undefined })).toHaveLength(1);
    expect(validate?.({ header: () => undefined, body: {} })).toEqual([
      'the header X-Request-Id is missing',
      expect.stringContaining('documented is application/json'),
    ]);
    expect(responseValidator('showBucket', 418)).toBeUndefined();
    expect(responseValidator('nothing', 200)).toBeUndefined();
  });
});
