import { IAMClient } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import type { AccountConfig } from '../config/types';
import type { ClientSettings } from './client-settings';
import { s3Client } from './s3-client';
import { s3ControlClient } from './s3-control';

/** A client as it is used here. The SDK's own type says, per command, what comes out; `Senders` gives it back. */
export interface RawClient {
  send(command: never, options?: never): Promise<unknown>;
}

interface Service {
  /** As people call it. */
  readonly title: string;
  /**
   * Where calls are sent. `account`: to the account's region; `bucket`: there, and once more to where the answer says the
   * bucket is; `global`: to the one region of the account's partition, CloudFront's certificates included.
   */
  readonly region: 'account' | 'bucket' | 'global';
  /** Makes a client, once for each region. What not every installation needs is loaded then: only those that do pay for it. */
  readonly client: (settings: ClientSettings, account: AccountConfig) => RawClient | Promise<RawClient>;
}

/** Every AWS service the program speaks to, by signing name. A further one is one row. */
export const services = {
  s3: { title: 'S3', region: 'bucket', client: s3Client },
  s3control: { title: 'S3 Control', region: 'bucket', client: s3ControlClient },
  iam: { title: 'IAM', region: 'global', client: (settings) => new IAMClient(settings) },
  sts: { title: 'STS', region: 'account', client: (settings) => new STSClient(settings) },
  cloudfront: {
    title: 'CloudFront',
    region: 'global',
    client: async (settings) => new (await import('./website-clients')).CloudFrontClient(settings),
  },
  route53: {
    title: 'Route 53',
    region: 'global',
    client: async (settings) => new (await import('./website-clients')).Route53Client(settings),
  },
  acm: {
    title: 'ACM',
    region: 'global',
    client: async (settings) => new (await import('./website-clients')).ACMClient(settings),
  },
} as const satisfies Readonly<Record<string, Service>>;

export type ServiceName = keyof typeof services;

/** The SDK's client of a service. */
export type ClientOf<Name extends ServiceName> = Awaited<ReturnType<(typeof services)[Name]['client']>>;
