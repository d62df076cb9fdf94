import { GetPolicyCommand, GetPolicyVersionCommand } from '@aws-sdk/client-iam';
import type { Context } from '../context';
import { orUndefined, reading } from '../context';

/** Text of a managed policy's default version; undefined when there is no such policy. */
export function defaultDocument(context: Context, arn: string): Promise<string | undefined> {
  return orUndefined(
    (async () => {
      const { Policy } = await reading(context, () => context.session.iam(new GetPolicyCommand({ PolicyArn: arn })));
      return readVersion(context, arn, Policy?.DefaultVersionId ?? 'v1');
    })(),
  );
}

/** The same when it is known which version is the default. */
export function documentOf(context: Context, arn: string, version: string): Promise<string | undefined> {
  return orUndefined(readVersion(context, arn, version));
}

async function readVersion(context: Context, PolicyArn: string, VersionId: string): Promise<string> {
  const { PolicyVersion } = await reading(context, () =>
    context.session.iam(new GetPolicyVersionCommand({ PolicyArn, VersionId })),
  );
  // IAM sends documents percent-encoded (RFC 3986).
  return decodeURIComponent(PolicyVersion?.Document ?? '');
}
