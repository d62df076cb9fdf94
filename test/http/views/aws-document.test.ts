import fc from 'fast-check';
import {
  DISTRIBUTION,
  DNS_CHANGE,
  INVALIDATION,
  RECORD_SET,
  documentView,
  type Shown,
  type ShownMembers,
} from '../../../src/http/views/aws-document';
import { resolve } from '../../../src/http/contract/document';
import * as given from '../../support/aws-documents';

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

/** The tables say in code what the document says in `required`. */
function requiredAt(pointer: string): Shown {
  const { value, pointer: at } = resolve(pointer);
  if (value['items'] !== undefined) {
    const element = requiredAt(`${at}/items`);
    return element === null ? null : [element];
  }
  const required = value['required'];
  if (!Array.isArray(required)) return null;
  return Object.fromEntries(
    required.map((member) => [String(member), requiredAt(`${at}/properties/${String(member)}`)]),
  );
}

test.each<[string, ShownMembers]>([
  ['Distribution', DISTRIBUTION],
  ['RecordSet', RECORD_SET],
  ['DnsChange', DNS_CHANGE],
  ['Invalidation', INVALIDATION],
])('the table of %s is what openapi.yaml requires', (schema, table) => {
  expect(requiredAt(`/components/schemas/${schema}`)).toEqual(table);
});

describe('the documents of the contract', () => {
  test('a distribution: every key of the example, and what else AWS gave', () => {
    const view = documentView(given.DISTRIBUTION, DISTRIBUTION);
    expect(view).toMatchObject({
      ...(example('createWebsite')['Distribution'] as object),
      LastModifiedTime: '2019-05-09T10:50:35.790Z',
    });
    expect(view).toMatchObject({
      AliasICPRecordals: [{ CNAME: 'foobar.bulldogs.cloud', ICPRecordalStatus: 'APPROVED' }],
      DistributionConfig: { DefaultCacheBehavior: { Compress: true } },
    });
  });

  test('a record set, an alias or not', () => {
    expect(documentView(given.RECORD_SETS.alias, RECORD_SET)).toEqual(example('showWebsite')['DNSRecord']);
    expect(documentView(given.RECORD_SETS.plain, RECORD_SET)).toMatchObject({
      AliasTarget: null,
      TTL: 300,
      ResourceRecords: [{ Value: 'elsewhere.example.org' }],
    });
  });

  test('a DNS change and an invalidation', () => {
    expect(documentView(given.DNS_CHANGE, DNS_CHANGE)).toEqual(example('createWebsite')['DnsChange']);
    expect(documentView(given.INVALIDATION, INVALIDATION)).toEqual(example('invalidateCache')['Invalidation']);
  });

  test('what AWS leaves out is null, down to where AWS left it out', () => {
    expect(documentView(undefined, DISTRIBUTION)).toBeNull();
    expect(
      documentView(
        {
          Id: 'A',
          DistributionConfig: { Origins: { Items: [{ Id: 'o', S3OriginConfig: { OriginAccessIdentity: '' } }] } },
        },
        DISTRIBUTION,
      ),
    ).toMatchObject({
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

  test('whatever AWS gives: all of the table is there, and nothing given is lost', () => {
    const present = (view: unknown, shown: Shown): boolean => {
      if (shown === null || view === null || typeof view !== 'object') return true;
      if (Array.isArray(view)) return true;
      return Object.entries(shown).every(
        ([member, below]) => Object.hasOwn(view, member) && present((view as Record<string, unknown>)[member], below),
      );
    };
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
        const view = documentView(any, INVALIDATION);
        expect(present(view, INVALIDATION)).toBe(true);
        expect(view).toMatchObject(any);
      }),
    );
  });
});
