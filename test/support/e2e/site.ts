import { randomBytes } from 'node:crypto';
import { ACMClient, ImportCertificateCommand, RequestCertificateCommand } from '@aws-sdk/client-acm';
import {
  CloudFrontClient,
  type Distribution,
  type DistributionSummary,
  GetDistributionCommand,
  ListTagsForResourceCommand,
  paginateListDistributions,
} from '@aws-sdk/client-cloudfront';
import {
  CreateHostedZoneCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { SandboxOptions } from '../../../src/sandbox/start';
import { selfSigned } from '../../aws/certificate';
import type { Snapshot } from './snapshot';
import { accounts, AUDITOR_AGENT, type Credentials, targetName } from './target';
import { type Reply, type Service, startWorld, type World, type WorldOptions } from './world';
import { fetchPage, type Page } from '../sandbox/page';

/** A world with a domain, its hosted zone and a certificate: what websites need. */

export const DOMAIN = 'example.org';
/** Path of a site below `/v1/s3`. */
export const onSite = (site: string): string => `/demo/websites/${site}`;
export const SANDBOX_ZONE = 'Z0E2EEXAMPLEORG';
export const SANDBOX_CERTIFICATE = `arn:aws:acm:us-east-1:${accounts.demo.id}:certificate/11111111-2222-3333-4444-555555555555`;

/** The seed's own tags: one of them is outside CloudFront's alphabet. */
export const SEED_TAGS = [
  { Key: 'Application', Value: 'HowToGet' },
  { Key: 'COA', Value: 'Take.My.Money.$$$$' },
  { Key: 'CreatedBy', Value: 'Big Bird' },
] as const;

/** Tags by key. */
type Tags = Readonly<Record<string, string>>;

/** A distribution as an auditor sees it. */
interface DistributionState {
  readonly enabled: boolean | undefined;
  readonly aliases: readonly string[];
  readonly comment: string | undefined;
  readonly tags: Tags;
}

export interface SiteSnapshot extends Snapshot {
  /** By id. */
  readonly distributions: Readonly<Record<string, DistributionState>>;
  /** `A docs.example.org. → d123.cloudfront.net.` */
  readonly records: readonly string[];
}

export interface SiteWorld extends World {
  readonly cloudfront: CloudFrontClient;
  readonly route53: Route53Client;
  readonly acm: ACMClient;
  readonly zone: string;
  /** A site's name nobody else uses, e.g. `docs-5f3a9c12.example.org`. */
  readonly site: (stem: string) => string;
  readonly create: (site: string, more?: Readonly<Record<string, unknown>>, service?: Service) => Promise<Reply>;
  /** Creates a site and gives its name. */
  readonly newSite: (stem?: string, more?: Readonly<Record<string, unknown>>) => Promise<string>;
  /** What a browser gets from `http://host/path`; on the sandbox alone. */
  readonly page: (
    host: string,
    path: string,
    headers?: Readonly<Record<string, string>>,
    method?: string,
  ) => Promise<Page>;
  readonly upload: (site: string, key: string, body: string) => Promise<void>;
  /** Distributions with this comment; sites of the tests differ in it. */
  readonly distributionsOf: (site: string) => Promise<readonly Distribution[]>;
  /** Ends with an Error unless there is exactly one. */
  readonly onlyDistribution: (site: string) => Promise<Distribution>;
  readonly tagsOf: (arn: string | undefined) => Promise<Tags>;
  /** Record sets of exactly this name. */
  readonly recordsOf: (site: string) => Promise<readonly ResourceRecordSet[]>;
  readonly siteSnapshot: (site: string) => Promise<SiteSnapshot>;
  /** Moves the sandbox's clock forward. */
  readonly advance: (seconds: number) => void;
}

export interface SiteWorldOptions extends WorldOptions {
  /** Merged into the domain's configuration. */
  readonly domain?: Readonly<Record<string, unknown>>;
}

export async function startSiteWorld(options: SiteWorldOptions = {}): Promise<SiteWorld> {
  const zone = targetName === 'sandbox' ? SANDBOX_ZONE : await prepareEmulator();
  let ahead = 0;
  const sandbox: Partial<SandboxOptions> = {
    clock: { now: () => Date.now() + ahead },
    cloudfront: {
      deploySeconds: 0,
      distributionsPerAccount: 10_000,
      distributionsPerAccessControl: 10_000,
      distributionsPerFunction: 10_000,
    },
    hostedZones: [{ accountId: accounts.demo.id, id: SANDBOX_ZONE, name: DOMAIN }],
    certificates: [{ accountId: accounts.demo.id, arn: SANDBOX_CERTIFICATE, domainName: `*.${DOMAIN}` }],
    ...options.sandbox,
  };
  const domains = { [DOMAIN]: { hostedZoneID: zone, ...options.domain } };
  const world = await startWorld({ ...options, sandbox, demo: { domains, ...options.demo } });
  const settings = settingsFor(world.target.endpoint, accounts.demo);
  const cloudfront = new CloudFrontClient(settings);
  const route53 = new Route53Client(settings);
  const acm = new ACMClient(settings);
  const { stop, auditor } = world;

  const distributionsOf = async (site: string): Promise<readonly Distribution[]> => {
    // An emulator that serves all tests holds more than one page of them.
    const all: DistributionSummary[] = [];
    for await (const { DistributionList: page } of paginateListDistributions({ client: cloudfront }, {}))
      all.push(...(page?.Items ?? []));
    const own = all.filter(({ Comment }) => Comment === site);
    const found = await Promise.all(own.map(({ Id }) => cloudfront.send(new GetDistributionCommand({ Id }))));
    return found.flatMap(({ Distribution: one }) => (one === undefined ? [] : [one]));
  };
  const tagsOf = async (arn: string | undefined): Promise<Tags> => {
    const { Tags: tags } = await cloudfront.send(new ListTagsForResourceCommand({ Resource: arn }));
    return Object.fromEntries((tags?.Items ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
  };
  const recordsOf = async (site: string): Promise<readonly ResourceRecordSet[]> => {
    const { ResourceRecordSets: all } = await route53.send(
      new ListResourceRecordSetsCommand({ HostedZoneId: zone, StartRecordName: site }),
    );
    return (all ?? []).filter(({ Name }) => Name === `${site}.`);
  };

  const siteName = (stem: string) => `${stem}-${randomBytes(4).toString('hex')}.${DOMAIN}`;
  const create = (site: string, more: Readonly<Record<string, unknown>> = {}, service: Service = world) =>
    service.api('POST', '/demo/websites', { BucketInput: { Bucket: site }, ...more });

  return Object.assign(world, {
    cloudfront,
    route53,
    acm,
    zone,
    site: siteName,
    create,
    newSite: async (stem = 'docs', more: Readonly<Record<string, unknown>> = {}): Promise<string> => {
      const site = siteName(stem);
      const { status, text } = await create(site, more);
      expect({ status, text: status === 202 ? '' : text }).toEqual({ status: 202, text: '' });
      return site;
    },
    onlyDistribution: async (site: string): Promise<Distribution> => {
      const found = await distributionsOf(site);
      const [only, ...others] = found;
      if (only === undefined || others.length > 0) throw new Error(`${site} has ${String(found.length)} distributions`);
      return only;
    },
    page: (host: string, path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') =>
      fetchPage(world.target.endpoint, host, path, { headers, method }),
    upload: async (site: string, key: string, body: string) => {
      await auditor.s3.send(new PutObjectCommand({ Bucket: site, Key: key, Body: body, ContentType: 'text/html' }));
    },
    distributionsOf,
    tagsOf,
    recordsOf,
    siteSnapshot: async (site: string): Promise<SiteSnapshot> => {
      const [iamAndS3, distributions, records] = await Promise.all([
        world.snapshot(site),
        distributionsOf(site),
        recordsOf(site),
      ]);
      const states = await Promise.all(
        distributions.map(
          async ({ Id = '', ARN, DistributionConfig: config }): Promise<readonly [string, DistributionState]> => [
            Id,
            {
              enabled: config?.Enabled,
              aliases: config?.Aliases?.Items ?? [],
              comment: config?.Comment,
              tags: await tagsOf(ARN),
            },
          ],
        ),
      );
      return { ...iamAndS3, distributions: Object.fromEntries(states), records: records.map(lineOf) };
    },
    advance: (seconds: number) => {
      ahead += seconds * 1_000;
    },
    stop: async () => {
      for (const client of [cloudfront, route53, acm]) client.destroy();
      await stop();
    },
  });
}

/** What an account without anything of a site looks like. */
export const NOTHING_OF_A_SITE: SiteSnapshot = {
  buckets: {},
  users: {},
  groups: {},
  policies: {},
  distributions: {},
  records: [],
};

const lineOf = ({ Type, Name, AliasTarget, ResourceRecords }: ResourceRecordSet): string =>
  `${String(Type)} ${String(Name)} → ${AliasTarget?.DNSName ?? (ResourceRecords ?? []).map(({ Value }) => Value).join(' ')}`;

function settingsFor(endpoint: string, { accessKeyId, secretAccessKey }: Credentials) {
  return {
    endpoint,
    region: 'us-east-1',
    maxAttempts: 1,
    customUserAgent: AUDITOR_AGENT,
    credentials: { accessKeyId, secretAccessKey },
  };
}

/** A key as the service hands it out. */
export interface IssuedKey {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
}

/** Clients that act with an issued key. */
export function clientsOf(world: World, { AccessKeyId, SecretAccessKey }: IssuedKey) {
  const settings = settingsFor(world.target.endpoint, { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey });
  return { s3: new S3Client({ ...settings, forcePathStyle: true }), cloudfront: new CloudFrontClient(settings) };
}

/** A hosted zone and a certificate on an emulator, as the operator of an account has them. */
async function prepareEmulator(): Promise<string> {
  const endpoint = process.env['MALLARD_TARGET_URL'] ?? '';
  const settings = settingsFor(endpoint, accounts.demo);
  const { key, cert } = selfSigned(`*.${DOMAIN}`);
  const acm = new ACMClient(settings);
  // moto never issues a certificate that is asked for; ministack does not read the names of one that is imported.
  if (targetName === 'ministack') await acm.send(new RequestCertificateCommand({ DomainName: `*.${DOMAIN}` }));
  else await acm.send(new ImportCertificateCommand({ Certificate: Buffer.from(cert), PrivateKey: Buffer.from(key) }));
  acm.destroy();
  const route53 = new Route53Client(settings);
  const { HostedZone } = await route53.send(
    new CreateHostedZoneCommand({ Name: DOMAIN, CallerReference: randomBytes(8).toString('hex') }),
  );
  route53.destroy();
  return (HostedZone?.Id ?? '').replace('/hostedzone/', '');
}
