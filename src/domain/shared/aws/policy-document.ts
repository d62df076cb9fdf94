import {
  GetGroupPolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { type Context, orUndefined, reading } from '../context';
import { toDomainError } from '../../../base/errors';

/** Reads the text of a managed policy's default version; undefined when there is no such policy. */
export function defaultDocument(context: Context, arn: string): Promise<string | undefined> {
  return orUndefined(
    (async () => {
      const { Policy } = await reading(context, () => context.session.iam(new GetPolicyCommand({ PolicyArn: arn })));
      return readVersion(context, arn, Policy?.DefaultVersionId ?? 'v1');
    })(),
  );
}

/** Reads the text of a managed policy whose default version is known; undefined when it is gone. */
export function documentOf(context: Context, arn: string, version: string): Promise<string | undefined> {
  return orUndefined(readVersion(context, arn, version));
}

/** Who has an inline policy. */
export type InlineOwner = { readonly UserName: string } | { readonly GroupName: string };

/**
 * Reads the text of an inline policy; undefined when it is gone, or when reading it is refused: what cannot be read
 * proves nothing, and whoever asks leaves the policy's owner alone.
 */
export async function inlineDocument(
  { session, clock }: Context,
  owner: InlineOwner,
  PolicyName: string,
): Promise<string | undefined> {
  const read = (): Promise<{ PolicyDocument: string | undefined }> =>
    'UserName' in owner
      ? session.iam(new GetUserPolicyCommand({ ...owner, PolicyName }))
      : session.iam(new GetGroupPolicyCommand({ ...owner, PolicyName }));
  try {
    const { PolicyDocument } = await reading({ clock }, read);
    return decoded(PolicyDocument);
  } catch (thrown) {
    if (['not-found', 'denied'].includes(toDomainError(thrown).kind)) return undefined;
    throw thrown;
  }
}

async function readVersion(context: Context, PolicyArn: string, VersionId: string): Promise<string> {
  const { PolicyVersion } = await reading(context, () =>
    context.session.iam(new GetPolicyVersionCommand({ PolicyArn, VersionId })),
  );
  return decoded(PolicyVersion?.Document);
}

/** IAM sends documents percent-encoded (RFC 3986). */
const decoded = (document = ''): string => decodeURIComponent(document);
