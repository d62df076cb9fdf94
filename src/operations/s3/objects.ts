import {
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type { AwsSession } from '../../aws/types';
import type { Clock } from '../../base/clock';
import { type DomainFailure, fail, toDomainError } from '../../base/errors';
import type { Condition } from '../../engine/register';
import { retry, type RetryPolicy, standardPolicy } from '../../engine/retry';
import { leastAge, NEXT_TO_THE_WIRE, tellDate } from './age';
import { explained, isRefusal } from './failures';

/** An object as it was read. */
export interface Read {
  readonly text: string;
  readonly version: string;
  readonly ageMs: number;
}

/** An object as a list tells of it. */
export interface Found {
  readonly name: string;
  readonly version: string;
  readonly bytes: number;
  readonly ageMs: number;
}

export interface Page {
  readonly found: readonly Found[];
  readonly hasMore: boolean;
}

/** How one attempt of a write ended. `refused`: its condition did not hold; `failed`: it may have had its effect all the same. */
export type Sent =
  | { readonly type: 'done'; readonly version: string }
  | { readonly type: 'refused' }
  | { readonly type: 'failed'; readonly failure: DomainFailure };

/** The objects of one bucket. Reads are tried again, each write is sent exactly once. Rejects with what `explained` makes of failures. */
export interface Objects {
  readonly read: (name: string) => Promise<Read | undefined>;
  readonly write: (name: string, text: string, condition: Condition) => Promise<Sent>;
  /** Without `version`: whatever is there. */
  readonly remove: (name: string, version?: string) => Promise<Sent>;
  /** Up to `limit`, at most 1,000, in the order of their names. */
  readonly list: (prefix: string, after: string, limit: number) => Promise<Page>;
}

export interface ObjectsOptions {
  /** Asked before every call: a reloaded configuration has another one. */
  readonly session: () => Promise<AwsSession>;
  readonly bucket: string;
  readonly clock: Clock;
}

/** Whoever waits for the register holds claims meanwhile: a bucket that is silent is to be known soon. */
const READS: RetryPolicy = { ...standardPolicy, withinMs: 10_000 };

/** Makes the calls to a bucket that a register needs. Versions are ETags without their quotes, which some stores leave out in lists. */
export function createObjects({ session, bucket, clock }: ObjectsOptions): Objects {
  const again = <T>(work: () => Promise<T>): Promise<T> =>
    retry(READS, clock, work).catch((thrown: unknown) => {
      throw explained(thrown, bucket);
    });

  const once = async (work: () => Promise<string>): Promise<Sent> => {
    try {
      return { type: 'done', version: await work() };
    } catch (thrown) {
      return isRefusal(toDomainError(thrown))
        ? { type: 'refused' }
        : { type: 'failed', failure: explained(thrown, bucket) };
    }
  };

  return {
    read: (name) =>
      again(async () => {
        const command = new GetObjectCommand({ Bucket: bucket, Key: name });
        let date: number | undefined;
        command.middlewareStack.add(
          tellDate((told) => (date = told)),
          NEXT_TO_THE_WIRE,
        );
        const { s3 } = await session();
        try {
          const output = await s3(command);
          const text = await textOf(output);
          return { text, version: bare(output.ETag), ageMs: leastAge(date, output.LastModified) };
        } catch (thrown) {
          if (isRefusal(toDomainError(thrown))) return undefined;
          throw thrown;
        }
      }),

    write: (name, text, condition) =>
      once(async () => {
        const { s3 } = await session();
        const output = await s3(
          new PutObjectCommand({
            Bucket: bucket,
            Key: name,
            Body: text,
            ContentType: 'application/json',
            ...('ifAbsent' in condition ? { IfNoneMatch: '*' } : { IfMatch: quoted(condition.ifMatch) }),
          }),
        );
        return bare(output.ETag);
      }),

    remove: (name, version) =>
      once(async () => {
        const { s3 } = await session();
        await s3(
          new DeleteObjectCommand({
            Bucket: bucket,
            Key: name,
            ...(version !== undefined && { IfMatch: quoted(version) }),
          }),
        );
        return version ?? '';
      }),

    list: (prefix, after, limit) =>
      again(async () => {
        const command = new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: prefix,
          ...(after !== '' && { StartAfter: after }),
          MaxKeys: limit,
        });
        let date: number | undefined;
        command.middlewareStack.add(
          tellDate((told) => (date = told)),
          NEXT_TO_THE_WIRE,
        );
        const { s3 } = await session();
        const { Contents = [], IsTruncated: hasMore = false } = await s3(command);
        const found = Contents.map(({ Key: name = '', ETag, Size: bytes = 0, LastModified }) => ({
          name,
          version: bare(ETag),
          bytes,
          ageMs: leastAge(date, LastModified),
        }));
        return { found, hasMore };
      }),
  };
}

/** The connection may break while the body comes. */
async function textOf({ Body: body }: GetObjectCommandOutput): Promise<string> {
  try {
    return (await body?.transformToString()) ?? '';
  } catch {
    return fail({
      kind: 'unavailable',
      retryAfterSeconds: 10,
      detail: 'S3 GetObject: the connection broke before the answer was complete.',
    });
  }
}

const bare = (etag = ''): string => etag.replace(/^W\//, '').replace(/^"(.*)"$/, '$1');
const quoted = (version: string): string => `"${version}"`;
