import { DeleteBucketPolicyCommand, GetBucketPolicyCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { type DomainError, DomainFailure, fail, toDomainError } from '../../../../base/errors';
import { isTransient, type RetryPolicy, standardPolicy } from '../../../../engine/retry';
import { accountBlocks } from '../../../shared/account-block';
import { accountBlock } from '../../../shared/aws/account-block';
import { type Context, owned } from '../../../shared/context';
import { sameJson } from '../rules/plain';
import {
  type PolicyInput,
  type PolicyScope,
  scopeOfSession,
  shownPolicy,
  type WantedPolicy,
  wantedPolicy,
} from '../rules/policy';
import { ownIdentity } from './identity';
import { publicAccess } from './public-access';
import { replaceSetting } from './replace';
import { type Settable, type Wishes, wishFor } from './setting';

/** A public access block that was just loosened takes a moment to reach everywhere; until then S3 answers AccessDenied. */
const afterLoosening: RetryPolicy = {
  ...standardPolicy,
  attempts: 6,
  baseMs: 300,
  retries: (error) => isTransient(error) || error.kind === 'denied',
};

/** Read as JSON text. */
export const policy: Settable<string, WantedPolicy, PolicyInput> = {
  name: 'policy',
  member: 'BucketPolicy',
  feature: { title: 'bucket policies' },
  isRemovable: true,
  isOfWebsite: true,
  isRepair: true,
  order: {
    exclusive: () => 2,
    isStopping: (wanted) => wanted?.denies === true,
    needs: ({ isPublic }) => (isPublic ? [publicAccess.name] : []),
  },

  check: (input, scope) => wantedPolicy(input, scope),
  settle: async (context, wanted, asked) => unlessBlocked(context, await settled(context, wanted, asked)),
  checkBeside(wanted, all) {
    if (wanted.blocked !== undefined) fail({ kind: 'conflict', detail: wanted.blocked });
    if (!wanted.isPublic || wishFor(publicAccess, all)?.BlockPublicPolicy !== true) return;
    fail({
      kind: 'invalid',
      pointer: '/PublicAccessBlock/BlockPublicPolicy',
      detail:
        'BucketPolicy speaks to everyone and PublicAccessBlock forbids such policies: send BlockPublicPolicy false, or name the principals',
    });
  },
  async read({ session }, Bucket) {
    const { Policy } = await session.s3(new GetBucketPolicyCommand({ Bucket, ...owned(session) }));
    return Policy ?? null;
  },
  show: shownPolicy,
  title: (bucket, wanted) => `${wanted === null ? 'Remove' : 'Set'} the policy of bucket ${bucket}`,
  target: ({ text }) => text,
  isSame: ({ text }, before) => sameJson(text, before),
  put: ({ session }, Bucket, Policy) => session.s3(new PutBucketPolicyCommand({ Bucket, ...owned(session), Policy })),
  remove: ({ session }, Bucket) => session.s3(new DeleteBucketPolicyCommand({ Bucket, ...owned(session) })),
  // The undo stays: a policy might stand in the way of that of the bucket.
  ofNew: (context, bucket, wanted, _facts, all) =>
    wanted && replaceSetting(policy, { context, bucket, before: null, after: wanted, all }),
  refine: ({ title, run, undo }, { before, after, all }) => ({
    title,
    ...(after?.isPublic === true && isLoosened(all) && { retry: afterLoosening }),
    run: (...given) => explained(run(...given), after?.isPublic === true ? hinted : (error) => error),
    // The block that stood in this policy's way is loosened again by now, but not everywhere: that is worth another attempt.
    ...(undo && {
      undo: (...given) =>
        explained(undo(...given), (error) =>
          before !== null && error.kind === 'denied' ? { ...error, kind: 'contended' } : error,
        ),
    }),
  }),
};

/**
 * Judges the policy once more by what only a session knows: the account's id, and who we are where a Deny asks for
 * that. Costs a call in that case alone.
 */
async function settled(
  context: Context,
  wanted: WantedPolicy,
  { input, scope }: { readonly input: PolicyInput; readonly scope: PolicyScope },
): Promise<WantedPolicy> {
  const { account, accountId } = context.session;
  if (wanted.pending === undefined) return wanted;
  const known = wanted.pending === 'account' ? wantedPolicy(input, scopeOfSession(scope, account, accountId)) : wanted;
  if (known.pending !== 'identity') return known;
  return wantedPolicy(input, scopeOfSession(scope, account, accountId, { identity: await ownIdentity(context) }));
}

/** Notes that AWS would refuse the policy whatever the bucket's own block says. Costs a call for public policies alone. */
async function unlessBlocked(context: Context, wanted: WantedPolicy): Promise<WantedPolicy> {
  if (!wanted.isPublic) return wanted;
  const block = (await accountBlock(context)).filter((name) => name === 'BlockPublicPolicy');
  if (block.length === 0) return wanted;
  const blocked = `${accountBlocks(context.session.account.name, block)}: S3 takes no public bucket policy there. Name the principals, or have the block lifted`;
  return { ...wanted, blocked };
}

/** Tells whether the same plan loosens the public access block first. */
const isLoosened = (all: Wishes): boolean => wishFor(publicAccess, all)?.BlockPublicPolicy === false;

async function explained(call: Promise<void>, explain: (error: DomainError) => DomainError): Promise<void> {
  try {
    await call;
  } catch (thrown) {
    throw new DomainFailure(explain(toDomainError(thrown)));
  }
}

function hinted(error: DomainError): DomainError {
  if (error.kind !== 'denied') return error;
  const detail = `${error.detail} A public access block may be in the way of a public policy: the bucket's (PublicAccessBlock.BlockPublicPolicy), or that of the whole AWS account.`;
  return { ...error, detail };
}
