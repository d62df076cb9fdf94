import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteBucketEncryptionCommand,
  GetBucketEncryptionCommand,
  ListMultipartUploadsCommand,
  PutBucketEncryptionCommand,
} from '@aws-sdk/client-s3';
import { isTransient } from '../../../../engine/retry';
import { type DomainError, fail, toDomainError } from '../../../../base/errors';
import { type Context, gone, owned, reading } from '../../../shared/context';
import { asSecondCall } from './second-call';
import { plain } from '../rules/plain';
import type { Plain } from '../../../shared/settings-shapes';
import type { Setting, Step } from './setting';
import { removeSetting } from './store-setting';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionConfiguration.html */
type Encryption = { readonly Rules: readonly Plain[] };

/** Every new bucket has it; callers only see it. */
export const encryption: Setting<Encryption> & { remove(context: Context, bucket: string): Promise<unknown> } = {
  name: 'encryption',
  member: 'Encryption',
  feature: { title: 'default encryption', isLackingWhenInvalid: true },

  async read({ session }, Bucket) {
    const { ServerSideEncryptionConfiguration } = await session.s3(
      new GetBucketEncryptionCommand({ Bucket, ...owned(session) }),
    );
    const { Rules = [] } = ServerSideEncryptionConfiguration ?? {};
    return Rules.length === 0 ? null : { Rules: Rules.map(plain) };
  },
  show: (read) => read,
  ofNew: encrypt,
  remove: ({ session }, Bucket) => session.s3(new DeleteBucketEncryptionCommand({ Bucket, ...owned(session) })),
};

/**
 * Sets the default encryption AES256 of a bucket this plan has made. Some S3-compatible stores take it and then refuse
 * every upload (SeaweedFS without a key for it): there an upload is begun, and where that works without the encryption
 * only, the encryption is taken back.
 * @throws {unsupported} when it was taken back
 */
export function encrypt(context: Context, bucket: string): Step {
  const { session } = context;
  const of = { Bucket: bucket, ...owned(session) };
  const put = async (): Promise<void> => {
    const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const } }];
    await session.s3(new PutBucketEncryptionCommand({ ...of, ServerSideEncryptionConfiguration: { Rules } }));
  };
  const title = `Encrypt bucket ${bucket} by default (AES256)`;
  if (session.account.iam) return { title, run: put };

  const tryOut = async (key: string): Promise<void> => {
    const refusal = await refusalOfUploads(context, bucket, key);
    if (refusal === undefined) return;
    if (refusal.kind === 'denied') fail(refusal);
    await removeSetting(context, bucket, encryption);
    const still = await refusalOfUploads(context, bucket, key);
    // Then it is not the encryption that stops uploads.
    if (still !== undefined) return still.kind === refusal.kind && !isTransient(still) ? put() : fail(still);
    const { call = 'an upload', code = 'an error without a code' } = refusal.origin ?? {};
    fail({
      kind: 'unsupported',
      detail: `this store has no default encryption: it took PutBucketEncryption and then answered ${call} with ${code}, so it was taken back`,
    });
  };
  return {
    title,
    run: async (_, { operationId }) => {
      await put();
      await asSecondCall(tryOut(probeKey(operationId)));
    },
    // The rest is the bucket's, which some stores keep while an upload is under way.
    undo: (_, { operationId }) => removeProbe(context, bucket, probeKey(operationId)),
  };
}

/** Makes a key that nobody else uses, and that stays the same for every attempt and for the undo. */
const probeKey = (operationId: string): string => `mallard-probe-${operationId}`;

/**
 * Why no upload can be begun; undefined when one can be. Nothing is sent and the upload broken off: an object would have to be
 * deleted again, and if that failed, or the service ended in between, its bucket could not be. Content also costs: SeaweedFS
 * sets seven volumes aside for a bucket with its first byte.
 */
async function refusalOfUploads(context: Context, Bucket: string, Key: string): Promise<DomainError | undefined> {
  const { s3 } = context.session;
  const upload = reading(context, () => s3(new CreateMultipartUploadCommand({ Bucket, Key })));
  const refusal = await upload.then(() => undefined, toDomainError);
  // After a refusal as well: an attempt may have landed.
  await removeProbe(context, Bucket, Key);
  return refusal;
}

/** Breaks off what was begun under the key. */
async function removeProbe(context: Context, Bucket: string, Key: string): Promise<void> {
  const { s3 } = context.session;
  const { Uploads = [] } = await reading(context, () => s3(new ListMultipartUploadsCommand({ Bucket, Prefix: Key })));
  for (const { Key: key, UploadId } of Uploads) {
    if (key === Key) await gone(reading(context, () => s3(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }))));
  }
}
