import { GetDistributionConfigCommand } from '@aws-sdk/client-cloudfront';
import { ChangeResourceRecordSetsCommand, type ResourceRecordSet } from '@aws-sdk/client-route-53';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type WebSandbox, ZONE, makeDistribution, makeSite, siteConfig, startWebSandbox } from '../web';

const NAME = 'docs.example.org';
const RECORD: ResourceRecordSet = {
  Name: NAME,
  Type: 'A',
  AliasTarget: { HostedZoneId: 'Z2FDTNDATAQYW2', DNSName: 'd1.cloudfront.net', EvaluateTargetHealth: false },
};

describe('websites over a restart', () => {
  let directory: string;
  let web: WebSandbox;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sandbox-'));
    web = await startWebSandbox({ dataDir: directory });
  });
  afterEach(async () => {
    await web.stop();
    await rm(directory, { recursive: true });
  });

  const change = (Action: 'CREATE' | 'DELETE'): Promise<unknown> =>
    web.route53().send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: ZONE.id,
        ChangeBatch: { Changes: [{ Action, ResourceRecordSet: RECORD }] },
      }),
    );

  test('distribution, record and certificate are kept, and the site still answers', async () => {
    await makeSite(web.s3(), NAME, { 'index.html': 'kept' });
    const made = await makeDistribution(web.cloudfront(), siteConfig(NAME));
    await change('CREATE');
    const read = async (): Promise<unknown> => {
      const { DistributionConfig: config, ETag: etag } = await web
        .cloudfront()
        .send(new GetDistributionConfigCommand({ Id: made.id }));
      return { config, etag };
    };
    const before = await read();
    await web.stop();
    web = await startWebSandbox({ dataDir: directory });
    expect(await read()).toEqual(before);
    expect((await web.get(NAME, '/')).body).toBe('kept');
    // What was stored still matches exactly, so that it can be deleted.
    await expect(change('DELETE')).resolves.toBeDefined();
  });

  test('going back to an earlier state empties the cache', async () => {
    const taken = web.sandbox.state.take();
    await makeSite(web.s3(), NAME, { 'index.html': 'gone' });
    await makeDistribution(web.cloudfront(), siteConfig(NAME));
    expect((await web.get(NAME, '/')).body).toBe('gone');
    web.sandbox.state.restore(taken);
    expect((await web.get(NAME, '/')).headers['x-cache']).toBeUndefined();
    expect(web.sandbox.state.take()).toBe(taken);
  });
});
