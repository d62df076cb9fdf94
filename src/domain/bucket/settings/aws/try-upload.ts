import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
} from '@aws-sdk/client-s3';
import { type DomainError, fail, toDomainError } from '../../../../base/errors';
import type { StepScope } from '../../../../engine/plan';
import { isTransient, type RetryPolicy, standardPolicy } from '../../../../engine/retry';
import { type Context, gone, orUndefined, reading } from '../../../shared/context';
import type { Step } from './setting';

/**
 * Trying whether a bucket takes uploads. Nothing is sent and the upload broken off: an object would have to be deleted again,
 * and if that failed, or the service ended in between, its bucket could not be. Content also costs: SeaweedFS sets seven
 * volumes aside for a bucket with its first byte.
 */

/** What an upload was refused with, as a result keeps it. */
export type Refusal = { readonly kind: string; readonly call?: string; readonly code?: string };

/** After so many attempts a store that is "busy" is believed to refuse. */
const ATTEMPTS = 4;
const tryPolicy: RetryPolicy = { ...standardPolicy, attempts: ATTEMPTS };

/** Nobody else's name; the same for every attempt and for the undo. */
const probeKey = (operationId: string): string => `mallard-probe-${operationId}`;

export interface TryUpload {
  readonly title: string;
  readonly retry: RetryPolicy;
  readonly undo: (input: unknown, scope: StepScope) => Promise<void>;
}

/** What all steps that try an upload have in common. */
export function tryUpload(context: Context, bucket: string): TryUpload {
  return {
    title: `Try an upload to bucket ${bucket}`,
    retry: tryPolicy,
    // The rest is the bucket's, which some stores keep while an upload is under way.
    undo: (_: unknown, { operationId }: StepScope) => breakOffOne(context, bucket, probeKey(operationId)),
  };
}

/**
 * Begins an upload. Gives why it was refused, null when it was not; `isAnswer` tells refusals to give from failures.
 * @throws what it was refused with where that is no answer, or may pass
 */
export async function refusalOfUpload(
  { session }: Context,
  Bucket: string,
  { operationId, memory }: Pick<StepScope, 'operationId' | 'memory'>,
  isAnswer: (error: DomainError) => boolean = ({ kind }) => kind !== 'denied',
): Promise<Refusal | null> {
  const attempt = Number(memory.get('attempts') ?? 0) + 1;
  memory.set('attempts', attempt);
  try {
    await session.s3(new CreateMultipartUploadCommand({ Bucket, Key: probeKey(operationId) }));
    return null;
  } catch (thrown) {
    const error = toDomainError(thrown);
    if (!isAnswer(error) || (isTransient(error) && attempt < ATTEMPTS)) throw thrown;
    const { kind, origin: { call, code } = {} } = error;
    return { kind, ...(call !== undefined && { call }), ...(code !== undefined && { code }) };
  }
}

/** Breaks off what was begun; after a refusal as well, as an attempt may have landed. */
export function breakOffUploads(context: Context, bucket: string): Step {
  return {
    title: `Break off what was tried on bucket ${bucket}`,
    run: (_, { operationId }) => breakOffOne(context, bucket, probeKey(operationId)),
  };
}

/**
 * Breaks off one upload under the key.
 * @throws {contended} when there are more, to be called again
 */
async function breakOffOne(context: Context, Bucket: string, Key: string): Promise<void> {
  const { s3 } = context.session;
  // Some stores (gofakes3) say NoSuchUpload where there is none.
  const listed = await orUndefined(
    reading(context, () => s3(new ListMultipartUploadsCommand({ Bucket, Prefix: Key }))),
  );
  const { Uploads = [] } = listed ?? {};
  const [first, ...others] = Uploads.filter((upload) => upload.Key === Key);
  if (first === undefined) return;
  await gone(s3(new AbortMultipartUploadCommand({ Bucket, Key, UploadId: first.UploadId })));
  if (others.length > 0) fail({ kind: 'contended', detail: `there are more uploads of ${Key} to break off` });
}
