import {
  DeleteBucketEncryptionCommand,
  GetBucketEncryptionCommand,
  PutBucketEncryptionCommand,
} from '@aws-sdk/client-s3';
import { isTransient } from '../../../../engine/retry';
import type { StepFactory, StepHandle } from '../../../../engine/plan';
import { fail } from '../../../../base/errors';
import { type Context, owned } from '../../../shared/context';
import { optional, type Warning } from '../../../shared/store-features';
import { breakOffUploads, type Refusal, refusalOfUpload, tryUpload } from './try-upload';
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
  tryOut,
  remove: ({ session }, Bucket) => session.s3(new DeleteBucketEncryptionCommand({ Bucket, ...owned(session) })),
};

const BY_DEFAULT = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const } };

/**
 * New buckets of AWS refuse uploads with a key of the caller's (SSE-C) since April 2026. Whether rules that do not speak of
 * it lift that is not documented, so they do.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/blocking-unblocking-s3-c-encryption-gpb.html
 */
const rulesFor = ({ session }: Context) => [
  session.account.iam
    ? { ...BY_DEFAULT, BlockedEncryptionTypes: { EncryptionType: ['SSE-C' as const] } }
    : { ...BY_DEFAULT },
];

/** Default encryption AES256 of a bucket this plan has made; the undo is that of the bucket. */
export function encrypt(context: Context, bucket: string): Step {
  return {
    title: `Encrypt bucket ${bucket} by default (AES256)`,
    touches: [{ action: 'create', resource: `encryption of bucket ${bucket}`, document: { Rules: rulesFor(context) } }],
    run: () => putEncryption(context, bucket),
  };
}

async function putEncryption(context: Context, Bucket: string): Promise<void> {
  const { session } = context;
  const ServerSideEncryptionConfiguration = { Rules: rulesFor(context) };
  await session.s3(new PutBucketEncryptionCommand({ Bucket, ...owned(session), ServerSideEncryptionConfiguration }));
}

/** Of the run's shared notes: the store takes uploads only without the encryption. */
const LACKING = 'encryption that refuses uploads';

/**
 * Some S3-compatible stores take default encryption and then refuse every upload (SeaweedFS without a key for it): there an
 * upload is begun, and where that works without the encryption only, that is taken back.
 */
function tryOut(context: Context, bucket: string, put: StepHandle<Warning>, step: StepFactory) {
  if (context.session.account.iam) return undefined;
  const tried = step({
    ...tryUpload(context, bucket),
    needs: { put },
    run: async ({ put: warning }, scope) => (warning === undefined ? refusalOfUpload(context, bucket, scope) : null),
    more: (add, refusal: Refusal | null) => {
      const cleared = add(breakOffUploads(context, bucket));
      if (refusal !== null) tryWithout(context, bucket, refusal, add, cleared);
    },
  });
  return step(
    optional(context, encryption.feature, {
      title: `Confirm that bucket ${bucket} takes uploads`,
      after: [tried],
      run: (_, { shared }) => {
        const said = shared.get(LACKING);
        return typeof said === 'string' ? fail({ kind: 'unsupported', detail: said }) : Promise.resolve();
      },
    }),
  );
}

/** Takes the encryption back and tries once more: where uploads are refused all the same, it is not the encryption's fault. */
function tryWithout(
  context: Context,
  bucket: string,
  refusal: Refusal,
  step: StepFactory,
  cleared: StepHandle<void>,
): void {
  const removed = step({
    title: `Take the default encryption of bucket ${bucket} back`,
    after: [cleared],
    run: () => removeSetting(context, bucket, encryption),
  });
  step({
    ...tryUpload(context, bucket),
    title: `Try an upload to bucket ${bucket} without encryption`,
    after: [removed],
    run: async (_, scope) => {
      const still = await refusalOfUpload(
        context,
        bucket,
        scope,
        (error) => error.kind === refusal.kind && !isTransient(error),
      );
      if (still === null) scope.shared.set(LACKING, lacking(refusal));
      return still !== null;
    },
    more: (add, isRefused) => {
      const broken = add(breakOffUploads(context, bucket));
      if (isRefused) add({ ...encrypt(context, bucket), after: [broken] });
    },
  });
}

const lacking = ({ call = 'an upload', code = 'an error without a code' }: Refusal): string =>
  `this store has no default encryption: it took PutBucketEncryption and then answered ${call} with ${code}, so it was taken back`;
