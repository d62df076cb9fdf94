import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { createSessions } from '../../../../../src/aws/session';
import { disableDistribution } from '../../../../../src/domain/website/distribution/aws/change';
import { getDistribution } from '../../../../../src/domain/website/distribution/aws/find';
import type { Context } from '../../../../../src/domain/shared/context';
import { accountOf } from '../../../../aws/fixtures';
import { createTestClock } from '../../../../support/clock';
import { mockedAws } from '../../../../support/mocks/mocked-aws';
import { stepAlone } from '../../../../support/steps';

/**
 * UpdateDistribution replaces the whole configuration, and a client erases the members that its model does not know: AWS warns
 * of it at OriginHttpVersion in the model of November 2026. CloudFront is a server here that keeps what it is sent.
 */

const NAMESPACE = 'http://cloudfront.amazonaws.com/doc/2020-05-31/';
const ALIASES =
  '<Aliases><Quantity>2</Quantity><Items><CNAME>a.example.org</CNAME><CNAME>b&amp;c</CNAME></Items></Aliases>';
const CERTIFICATE =
  '<ViewerCertificate><Future>x</Future><MinimumProtocolVersion>TLSv9</MinimumProtocolVersion></ViewerCertificate>';
const OFF = '<Aliases><Quantity>0</Quantity></Aliases>';

const known = (aliases: string, enabled: boolean) => [
  '<CallerReference>op-1</CallerReference>',
  aliases,
  '<Origins><Quantity>1</Quantity><Items><Origin><Id>o</Id><DomainName>o.example.com</DomainName><OriginHttpVersion>h2</OriginHttpVersion></Origin></Items></Origins>',
  '<DefaultCacheBehavior><TargetOriginId>o</TargetOriginId><ViewerProtocolPolicy>https-only</ViewerProtocolPolicy></DefaultCacheBehavior>',
  '<Comment>&lt;Enabled&gt;</Comment>',
  `<Enabled>${String(enabled)}</Enabled>`,
  CERTIFICATE,
];

let stored: string;
let version: number;
let server: Server;
let context: Context;
const sessions = createSessions({ clock: createTestClock(), org: 'acme' });

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      if (request.method === 'PUT') {
        if (
          request.headers['if-match'] !== `v${version}` ||
          Number(request.headers['content-length']) !== Buffer.byteLength(body)
        ) {
          response.writeHead(412).end();
          return;
        }
        const [, inner] = /^<DistributionConfig xmlns="[^"]+">([^]*)<\/DistributionConfig>$/.exec(body) ?? [];
        stored = inner ?? 'not a DistributionConfig';
        version += 1;
      }
      response.writeHead(200, { 'content-type': 'text/xml', etag: `v${version}` });
      response.end(
        `<?xml version="1.0"?>\n<Distribution xmlns="${NAMESPACE}"><Id>E1</Id><!-- <DistributionConfig> --><DistributionConfig>${stored}</DistributionConfig></Distribution>`,
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const mocked = await mockedAws();
  mocked.cloudfront.restore();
  context = { ...mocked.context, session: await sessions.open(accountOf({ endpoint })) };
});
afterAll(async () => {
  sessions.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const name = fc.constantFrom('Enabled', 'Aliases', 'Later', 'HttpVersion2', 'Items', 'x-y.z_1');
const text = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .map((raw) => raw.replace(/\p{C}/gu, '').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'));
const node = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text,
    fc.constantFrom('<!-- </Enabled> -->', '<![CDATA[<Enabled>]]>', '<Empty/>', "<Empty a='>' />"),
    fc.tuple(name, fc.array(tie('node'), { maxLength: 3 })).map(([tag, inner]) => `<${tag}>${inner.join('')}</${tag}>`),
  ),
})).node;
/** Members of a later model, which this one cannot know by name. */
const unknown = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 7 }), fc.nat(99), node)
    .map(([at, n, inner]) => ({ at, xml: `<Later${n}>${inner}</Later${n}>` })),
  { maxLength: 4 },
);

function documentOf(
  aliases: string,
  enabled: boolean,
  extra: readonly { readonly at: number; readonly xml: string }[],
): string {
  const members = known(aliases, enabled);
  return Array.from({ length: members.length + 1 }, (_, at) => [
    ...extra.filter((one) => one.at === at).map(({ xml }) => xml),
    members[at] ?? '',
  ])
    .flat()
    .join('');
}

test('members that nobody knows survive a distribution’s being turned off, and on again, byte for byte', async () => {
  await fc.assert(
    fc.asyncProperty(unknown, async (extra) => {
      stored = documentOf(ALIASES, true, extra);
      version = 1;
      const found = await getDistribution(context, 'E1');
      if (found === undefined) throw new Error('the server has lost it');
      // A run plans from the journal, which is JSON.
      const journaled = JSON.parse(JSON.stringify(found)) as typeof found;
      const step = stepAlone(context, disableDistribution(context, 'a.example.org', journaled, []));
      await step.run();
      expect(stored).toBe(documentOf(OFF, false, extra));
      await step.undo();
      expect(stored).toBe(documentOf(ALIASES, true, extra));
    }),
    { numRuns: 100 },
  );
});

test('a journal without a document has it read before anything is written', async () => {
  stored = documentOf(ALIASES, true, [{ at: 3, xml: '<Later>1</Later>' }]);
  version = 1;
  const found = await getDistribution(context, 'E1');
  if (found === undefined) throw new Error('the server has lost it');
  const { document, ...old } = found;
  expect(document).toContain('<Later>1</Later>');
  await stepAlone(context, disableDistribution(context, 'a.example.org', old, [])).run();
  expect(stored).toBe(documentOf(OFF, false, [{ at: 3, xml: '<Later>1</Later>' }]));
});
