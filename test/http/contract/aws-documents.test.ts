import fc from 'fast-check';
import { encoderOf } from '../../../src/http/contract/encode';
import { resolve } from '../../../src/http/contract/document';
import type { JsonValue } from '../../../src/base/json';
import { encoderAt } from '../../../src/http/contract/schema-encoder';
import * as given from '../../support/aws-documents';

/** AWS's own documents, which have what openapi.yaml requires and whatever else AWS gave. */

type Document = 'Distribution' | 'RecordSet' | 'DnsChange' | 'Invalidation';
const encoded = (name: Document, value: unknown): JsonValue => encoderAt(`/components/schemas/${name}`)(value);

/** The answers of the contract's examples, with what they write as `…` filled in. */
const example = (operationId: string): Record<string, unknown> => {
  const [path, method, status] = {
    createWebsite: ['/v1/s3/{account}/websites', 'post', '202'],
    showWebsite: ['/v1/s3/{account}/websites/{website}', 'get', '200'],
    invalidateCache: ['/v1/s3/{account}/websites/{website}', 'patch', '200'],
  }[operationId] as [string, string, string];
  const at = `/paths/${path.replaceAll('/', '~1')}/${method}/responses/${status}/content/application~1json/examples/seed`;
  return resolve(at).value['value'] as Record<string, unknown>;
};

/** What of an encoded document openapi.yaml requires and is not there. */
function missing(value: unknown, pointer: string): readonly string[] {
  const { value: schema, pointer: at } = resolve(pointer);
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value))
    return schema['items'] === undefined ? [] : value.flatMap((each) => missing(each, `${at}/items`));
  const required = (schema['required'] ?? []) as readonly string[];
  return required.flatMap((name) =>
    Object.hasOwn(value, name)
      ? missing((value as Record<string, unknown>)[name], `${at}/properties/${name}`)
      : [`${at} ${name}`],
  );
}

describe('the documents of the contract', () => {
  test('a distribution: every key of the example, and what else AWS gave', () => {
    const document = encoded('Distribution', given.DISTRIBUTION);
    expect(document).toMatchObject({
      ...(example('createWebsite')['Distribution'] as object),
      LastModifiedTime: '2019-05-09T10:50:35.790Z',
    });
    expect(document).toMatchObject({
      AliasICPRecordals: [{ CNAME: 'foobar.bulldogs.cloud', ICPRecordalStatus: 'APPROVED' }],
      DistributionConfig: { DefaultCacheBehavior: { Compress: true } },
    });
  });

  test('a record set, an alias or not', () => {
    expect(encoded('RecordSet', given.RECORD_SETS.alias)).toEqual(example('showWebsite')['DNSRecord']);
    expect(encoded('RecordSet', given.RECORD_SETS.plain)).toMatchObject({
      AliasTarget: null,
      TTL: 300,
      ResourceRecords: [{ Value: 'elsewhere.example.org' }],
    });
  });

  test('a DNS change and an invalidation', () => {
    expect(encoded('DnsChange', given.DNS_CHANGE)).toEqual(example('createWebsite')['DnsChange']);
    expect(encoded('Invalidation', given.INVALIDATION)).toEqual(example('invalidateCache')['Invalidation']);
  });

  test('what AWS leaves out is null, down to where AWS left it out', () => {
    expect(encoded('Distribution', undefined)).toBeNull();
    const document = {
      Id: 'A',
      DistributionConfig: { Origins: { Items: [{ Id: 'o', S3OriginConfig: { OriginAccessIdentity: '' } }] } },
    };
    expect(encoded('Distribution', document)).toMatchObject({
      ARN: null,
      DistributionConfig: {
        Aliases: null,
        ViewerCertificate: null,
        Origins: {
          Items: [{ CustomOriginConfig: null, OriginPath: null, S3OriginConfig: { OriginAccessIdentity: '' } }],
          Quantity: null,
        },
      },
    });
  });

  test('members are in the order of their names, whichever AWS gave and the document names', () => {
    const { Invalidation } = encoderOf(
      'invalidateCache',
      200,
    )({
      Invalidation: { Status: 'Completed', Extra: { b: 1, a: [{ d: 2, c: 3 }] }, Id: 'I' },
    }) as { readonly Invalidation: object };
    expect(JSON.stringify(Invalidation)).toBe(
      '{"CreateTime":null,"Extra":{"a":[{"c":3,"d":2}],"b":1},"Id":"I","InvalidationBatch":null,"Status":"Completed"}',
    );
  });

  test('whatever AWS gives: all that is required is there, and nothing given is lost', () => {
    const member = fc.constantFrom(
      'Id',
      'Status',
      'Paths',
      'Items',
      'Quantity',
      'InvalidationBatch',
      'CallerReference',
      'New',
    );
    const { document } = fc.letrec((tie) => ({
      document: fc.dictionary(member, tie('value'), { maxKeys: 6 }),
      value: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.array(tie('value'), { maxLength: 3 }),
        tie('document'),
      ),
    }));
    fc.assert(
      fc.property(document, (any) => {
        const answer = encoded('Invalidation', any);
        expect(missing(answer, '/components/schemas/Invalidation')).toEqual([]);
        expect(answer).toMatchObject(any);
      }),
    );
  });
});
