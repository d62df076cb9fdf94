import { randomInt } from 'node:crypto';
import type { DistributionConfig } from './config-shape';
import type { FunctionCode, FunctionConfig } from './function-shape';
import type { OriginAccessControlConfig } from './origin-access-shape';

/** What CloudFront remembers: plain data that goes to disk and back as JSON. Times are milliseconds since the epoch. */

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export interface Invalidation {
  readonly id: string;
  readonly createdAt: number;
  readonly completedAt: number;
  readonly callerReference: string;
  readonly paths: readonly string[];
}

export interface Distribution {
  readonly id: string;
  readonly accountId: string;
  /** Absent: `aws`. */
  readonly partition?: string;
  /** `d….cloudfront.net` */
  readonly domainName: string;
  readonly createdAt: number;
  etag: string;
  modifiedAt: number;
  /** From then on its status is Deployed. */
  deployedAt: number;
  config: DistributionConfig;
  tags: readonly Tag[];
  /** Newest first. */
  invalidations: Invalidation[];
}

/** One of the two stages of a function. */
export interface FunctionStage {
  readonly etag: string;
  readonly config: FunctionConfig;
  readonly code: FunctionCode;
  readonly modifiedAt: number;
}

export interface EdgeFunction {
  readonly accountId: string;
  /** Absent: `aws`. */
  readonly partition?: string;
  readonly name: string;
  readonly createdAt: number;
  development: FunctionStage;
  live: FunctionStage | undefined;
}

export interface OriginAccessControl {
  readonly id: string;
  readonly accountId: string;
  etag: string;
  config: OriginAccessControlConfig;
}

export interface CloudFrontState {
  readonly distributions: Map<string, Distribution>;
  /** By ARN. */
  readonly functions: Map<string, EdgeFunction>;
  readonly accessControls: Map<string, OriginAccessControl>;
}

export function createCloudFrontState(): CloudFrontState {
  return { distributions: new Map(), functions: new Map(), accessControls: new Map() };
}

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

function letters(count: number, alphabet: string): string {
  return Array.from({ length: count }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}

/** Ids and ETags: a letter and 13 capitals or digits. */
export const newId = (first: 'E' | 'I' = 'E'): string => first + letters(13, UPPER);

/** `suffix`: what the partition's distributions are called under, e.g. `cloudfront.net`. */
export const newDomainName = (suffix: string): string => `d${letters(13, UPPER.toLowerCase())}.${suffix}`;

/** Whose something is. */
export interface Owner {
  readonly accountId: string;
  readonly partition?: string;
}

/** Gives where ARNs of an owner's things begin. */
export const arnRoot = ({ accountId, partition = 'aws' }: Owner): string =>
  `arn:${partition}:cloudfront::${accountId}:`;

export const distributionArn = (owner: Owner, id: string): string => `${arnRoot(owner)}distribution/${id}`;
export const functionArn = (owner: Owner, name: string): string => `${arnRoot(owner)}function/${name}`;

/** Aliases are host names: case does not count. */
export function aliasesOf(config: DistributionConfig): readonly string[] {
  return (config.Aliases?.Items?.CNAME ?? []).map((alias) => alias.toLowerCase());
}

/** ARNs of the distributions that serve a certificate. */
export function distributionsUsing(state: CloudFrontState, certificateArn: string): readonly string[] {
  return [...state.distributions.values()]
    .filter(({ config }) => config.ViewerCertificate?.ACMCertificateArn === certificateArn)
    .map((one) => distributionArn(one, one.id));
}

export interface CloudFrontSnapshot {
  readonly distributions: readonly Distribution[];
  readonly functions: readonly EdgeFunction[];
  readonly accessControls: readonly OriginAccessControl[];
}

export function takeSnapshot(state: CloudFrontState): CloudFrontSnapshot {
  return {
    distributions: [...state.distributions.values()],
    functions: [...state.functions.values()],
    accessControls: [...state.accessControls.values()],
  };
}

/** Replaces everything in `state`. */
export function restoreSnapshot(state: CloudFrontState, snapshot: CloudFrontSnapshot): void {
  const { distributions, functions, accessControls } = state;
  for (const kept of [distributions, functions, accessControls]) kept.clear();
  for (const one of snapshot.distributions) distributions.set(one.id, one);
  for (const one of snapshot.functions) functions.set(functionArn(one, one.name), one);
  for (const one of snapshot.accessControls) accessControls.set(one.id, one);
}
