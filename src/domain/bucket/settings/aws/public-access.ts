import {
  DeletePublicAccessBlockCommand,
  GetPublicAccessBlockCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import { type Context, owned } from '../../../shared/context';
import { checkBlock, type PublicAccessBlock } from '../rules/public-access';
import { setNew } from './replace';
import type { Settable, Step } from './setting';

/** The public access block; it may be opened where the account allows public access. */
export const publicAccess: Settable<PublicAccessBlock, PublicAccessBlock, PublicAccessBlock> = {
  name: 'publicAccess',
  member: 'PublicAccessBlock',
  feature: { title: 'public access block', isLackingWhenInvalid: true },
  isOfWebsite: true,
  // A public policy needs a loose block when it is put, and also when an undo puts it back: 2 is the policy.
  order: { exclusive: (wanted) => (wanted?.BlockPublicPolicy === false ? 1 : 3) },

  check(input, scope) {
    checkBlock(input, scope.allowPublic);
    return input;
  },
  async read({ session }, Bucket) {
    const { PublicAccessBlockConfiguration: block } = await session.s3(
      new GetPublicAccessBlockCommand({ Bucket, ...owned(session) }),
    );
    if (block === undefined) return null;
    return {
      BlockPublicAcls: block.BlockPublicAcls ?? false,
      IgnorePublicAcls: block.IgnorePublicAcls ?? false,
      BlockPublicPolicy: block.BlockPublicPolicy ?? false,
      RestrictPublicBuckets: block.RestrictPublicBuckets ?? false,
    };
  },
  show: (block) => block,
  title: (bucket) => `Set the public access block of bucket ${bucket}`,
  target: (wanted) => wanted,
  put: ({ session }, Bucket, block) =>
    session.s3(
      new PutPublicAccessBlockCommand({
        Bucket,
        PublicAccessBlockConfiguration: { ...block },
        ...owned(session),
      }),
    ),
  remove: ({ session }, Bucket) => session.s3(new DeletePublicAccessBlockCommand({ Bucket, ...owned(session) })),
  ofNew: (context, bucket, wanted, { publicPolicy }) =>
    wanted === undefined ? blockAll(context, bucket, publicPolicy) : setNew(publicAccess, context, bucket, wanted),
};

/** Blocks public access: all of it, or with `publicPolicy` all but what a public bucket policy gives. */
const blockAll = (context: Context, bucket: string, publicPolicy: boolean): Step => ({
  title: publicPolicy
    ? `Block public access to bucket ${bucket} other than by its policy`
    : `Block all public access to bucket ${bucket}`,
  touches: [{ action: 'create', resource: `publicAccess of bucket ${bucket}`, document: allBlocks(publicPolicy) }],
  run: async () => {
    await publicAccess.put(context, bucket, allBlocks(publicPolicy));
  },
});

const allBlocks = (publicPolicy: boolean): PublicAccessBlock => ({
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: !publicPolicy,
  RestrictPublicBuckets: !publicPolicy,
});
