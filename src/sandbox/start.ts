/** Composition root of the sandbox. */
import { type Calls, createCallLog } from './calls';
import { type Disk, fileSystem } from './disk';
import type { ServiceModule } from './contract';
import { type Dispatch, createDispatch } from './dispatch';
import { createEdgeCache } from './edge/cache';
import { createEdge } from './edge/index';
import { createObjectReader } from './edge/objects';
import { type Faults, createFaults } from './faults';
import type { Credential, CredentialSource } from './identities';
import { serve } from './server';
import { createAcmService } from './services/acm/index';
import { type SeedCertificate, seedCertificates } from './services/acm/seed';
import { createAcmState } from './services/acm/state';
import { createCloudFrontService } from './services/cloudfront/index';
import type { CloudFrontOptions } from './services/cloudfront/options';
import { createCloudFrontState, distributionsUsing } from './services/cloudfront/state';
import { createIamService } from './services/iam/index';
import type { Quotas } from './services/iam/quotas';
import type { Route53Options } from './services/route53/call';
import { absentService, plainS3 } from './plain/service';
import type { PlainStore } from './plain/store';
import { isPartition } from './partitions';
import { createRoute53Service } from './services/route53/index';
import { type SeedZone, holdsRecord, seedZones } from './services/route53/seed';
import { createRoute53State } from './services/route53/state';
import { createS3Service } from './services/s3/index';
import { type SeedBucket, seedBuckets } from './services/s3/seed';
import { createState } from './services/s3/store';
import { createS3ControlService } from './services/s3control/index';
import { createStsService } from './services/sts/index';
import type { IdentityProvider } from './services/sts/web-identity';
import { snapshotFile } from './snapshot-file';

export interface SandboxAccount {
  /** 12 digits. */
  readonly id: string;
  readonly name?: string;
  /** The account's root key: it may do everything in its account. */
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The partition of AWS it is in, e.g. `aws-cn`, which is that of all its regions. Default: `aws`. */
  readonly partition?: string;
  /** OpenID Connect providers whose tokens AssumeRoleWithWebIdentity takes for the account's roles. */
  readonly identityProviders?: readonly IdentityProvider[];
  /** Its organization blocks public access to all of its buckets, and it cannot change that. */
  readonly organizationBlocksPublicAccess?: boolean;
}

export interface SandboxOptions {
  /** Default 0: a free port. The address is always 127.0.0.1. */
  readonly port?: number;
  readonly accounts: readonly SandboxAccount[];
  /** Where state is kept over restarts; in memory only when absent. */
  readonly dataDir?: string;
  /** What `dataDir` lies on. Default: this computer's file system. */
  readonly disk?: Disk;
  /** How many calls are remembered, the last ones; each takes memory. Default: none. */
  readonly recordedCalls?: number;
  readonly clock?: { readonly now: () => number };
  readonly log?: (line: Readonly<Record<string, unknown>>) => void;
  /** IAM quotas other than AWS's defaults. */
  readonly quotas?: Partial<Quotas>;
  /** Bytes a packed session policy may have before AssumeRole answers PackedPolicyTooLarge. */
  readonly packedPolicyBytes?: number;
  /** Delays and quotas of CloudFront. */
  readonly cloudfront?: Partial<CloudFrontOptions>;
  /** Delay and request rate of Route 53. */
  readonly route53?: Partial<Route53Options>;
  /** Certificates, hosted zones and buckets that are there from the start; what stored state holds already is kept. */
  readonly certificates?: readonly SeedCertificate[];
  readonly hostedZones?: readonly SeedZone[];
  readonly buckets?: readonly SeedBucket[];
  /** An S3-compatible store instead of AWS: S3 alone, with what such stores lack. `{}` lacks nothing but the other services. */
  readonly plain?: PlainStore;
}

export interface Sandbox {
  /** `http://127.0.0.1:PORT`, for every service. */
  readonly endpoint: string;
  /** Answers a request as the server on `endpoint` does, without a connection. */
  readonly dispatch: Dispatch;
  readonly faults: Faults;
  /** Throws unless `recordedCalls` says that there is a record. */
  readonly calls: Calls;
  /** All that the services hold as JSON text, and back; a test compares it, and begins again from it. */
  readonly state: { readonly take: () => string; readonly restore: (taken: string) => void };
  /** Ends every connection; what was answered is saved. */
  readonly stop: () => Promise<void>;
}

function rootKeys(accounts: readonly SandboxAccount[]): Map<string, Credential> {
  return new Map(
    accounts.map(({ id, accessKeyId, secretAccessKey, partition = 'aws' }) => [
      accessKeyId,
      {
        secretAccessKey,
        principal: { kind: 'root', accountId: id, partition },
        active: true,
        sessionToken: undefined,
        expiresAt: undefined,
      } as const,
    ]),
  );
}

function checkAccounts(accounts: readonly SandboxAccount[]): void {
  const bad = accounts.find(({ id }) => !/^\d{12}$/.test(id));
  if (bad !== undefined) throw new TypeError(`account id ${bad.id} is not 12 digits`);
  const nowhere = accounts.find(({ partition }) => partition !== undefined && !isPartition(partition));
  if (nowhere !== undefined) throw new TypeError(`account ${nowhere.id} is in no partition of AWS`);
  const unique = (values: readonly string[]): boolean => new Set(values).size === values.length;
  if (!unique(accounts.map(({ id }) => id)) || !unique(accounts.map(({ accessKeyId }) => accessKeyId))) {
    throw new TypeError('two accounts share an id or an access key');
  }
}

/**
 * Starts an AWS on loopback. Rejects when the port is taken, an account is malformed or the stored state unreadable.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  checkAccounts(options.accounts);
  const now = options.clock === undefined ? Date.now : options.clock.now;
  const log = options.log ?? (() => undefined);
  const failed = (error: unknown): void => log({ level: 'error', msg: 'the sandbox failed', error: String(error) });
  const faults = createFaults(now);
  const iam = createIamService({
    now,
    accounts: options.accounts.map(({ id, partition = 'aws' }) => ({ id, partition })),
    consistency: faults.consistency,
    quotas: options.quotas ?? {},
  });
  const sts = createStsService({
    now,
    roles: iam.roles,
    directory: iam.directory,
    managedPolicy: iam.managedPolicy,
    packedPolicyBytes: options.packedPolicyBytes,
    identityProviders: (accountId) => options.accounts.find(({ id }) => id === accountId)?.identityProviders ?? [],
  });
  const s3State = createState();
  const s3 = createS3Service({ state: s3State });
  const route53State = createRoute53State();
  const route53 = createRoute53Service({ state: route53State, options: options.route53 ?? {} });
  const cloudfrontState = createCloudFrontState();
  const acmState = createAcmState();
  const acm = createAcmService({
    state: acmState,
    now,
    usersOf: (arn) => distributionsUsing(cloudfrontState, arn),
    resolves: (record) => holdsRecord(route53State, record),
  });
  const cache = createEdgeCache();
  const cloudfront = createCloudFrontService({
    state: cloudfrontState,
    options: options.cloudfront ?? {},
    certificate: acm.certificate,
    invalidate: cache.drop,
  });
  const edge = createEdge({
    state: s3State,
    objects: createObjectReader(s3, now),
    cloudfront: cloudfrontState,
    cache,
    now,
  });
  const others = [iam.service, sts.service, cloudfront, route53, acm.service];
  const { plain } = options;
  const served =
    plain === undefined
      ? [s3, createS3ControlService(s3State), ...others]
      : [plainS3(s3, s3State, plain), ...others.map((service) => absentService(service, s3))];
  const services = new Map<string, ServiceModule>(served.map((service) => [service.name, service]));

  const roots = rootKeys(options.accounts);
  const credentials: CredentialSource = {
    find: (id, callId) => roots.get(id) ?? iam.credentials.find(id, callId) ?? sts.credentials.find(id, callId),
  };
  const take = (): Record<string, unknown> =>
    Object.fromEntries([...services.values()].map((service) => [service.name, service.snapshot()]));
  const restore = (stored: Readonly<Record<string, unknown>> | undefined): void => {
    for (const service of services.values())
      if (stored?.[service.name] !== undefined) service.restore(stored[service.name]);
  };
  const file =
    options.dataDir === undefined
      ? undefined
      : snapshotFile(options.dataDir, { take, restore }, options.disk ?? fileSystem);
  restore(await file?.load());
  seedCertificates(acmState, options.certificates ?? [], now());
  seedZones(route53State, options.hostedZones ?? []);
  seedBuckets(s3State, options.buckets ?? [], now());
  for (const { id, organizationBlocksPublicAccess } of options.accounts)
    if (organizationBlocksPublicAccess === true) s3State.organizationBlocks.add(id);

  file?.begin();

  const callLog = createCallLog(options.recordedCalls ?? 0);
  const dispatch = createDispatch({
    services,
    credentials,
    directory: iam.directory,
    faults,
    callLog,
    now,
    changed: async () => file?.save(),
    log,
  });
  const front: Dispatch = async (request, sourceIp) =>
    (plain === undefined ? edge.answer(request, sourceIp) : undefined) ?? dispatch(request, sourceIp);
  const server = await serve(front, options.port ?? 0, failed);
  const endpoint = `http://127.0.0.1:${server.port}`;
  log({
    level: 'info',
    msg: 'sandbox listening: this is an imitation of AWS for trying and testing, not AWS',
    sandbox: true,
    endpoint,
    accounts: options.accounts.map(({ id, name }) => ({ id, name })),
    persistent: file !== undefined,
  });
  return {
    endpoint,
    dispatch: front,
    faults: faults.faults,
    calls: callLog.calls,
    state: {
      take: () => JSON.stringify(take()),
      restore: (taken) => {
        // Written by `take` of this very build.
        restore(JSON.parse(taken) as Readonly<Record<string, unknown>>);
        file?.save().catch(failed);
      },
    },
    stop: async () => {
      await server.close();
      await file?.settled();
    },
  };
}
