import {
  DeletePublicAccessBlockCommand,
  type PublicAccessBlockConfiguration,
  PutPublicAccessBlockCommand,
  type S3Client,
} from '@aws-sdk/client-s3';

/** The public access block of a whole account, as an administrator sets it: the calls of a bucket, sent to S3 Control. */

const BLOCKED = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };

interface Request {
  path: string;
  query: Record<string, string>;
  readonly headers: Record<string, string>;
}

interface Command {
  readonly middlewareStack: { readonly add: (middleware: never, options: { step: 'build'; name: string }) => void };
}

function toAccount<C extends Command>(command: C, accountId: string): C {
  const redirect =
    (next: (args: { readonly request: Request }) => unknown) => (args: { readonly request: Request }) => {
      args.request.path = '/v20180820/configuration/publicAccessBlock';
      args.request.query = {};
      args.request.headers['x-amz-account-id'] = accountId;
      return next(args);
    };
  command.middlewareStack.add(redirect as never, { step: 'build', name: 'toAccount' });
  return command;
}

/** Blocks public access to all buckets of the account; all of it unless `more` says otherwise. */
export async function blockAccount(
  s3: S3Client,
  accountId: string,
  more: PublicAccessBlockConfiguration = {},
): Promise<void> {
  const PublicAccessBlockConfiguration = { ...BLOCKED, ...more };
  const command = new PutPublicAccessBlockCommand({ Bucket: 'of-the-account', PublicAccessBlockConfiguration });
  await s3.send(toAccount(command, accountId));
}

/** Takes the account's block away. */
export async function unblockAccount(s3: S3Client, accountId: string): Promise<void> {
  await s3.send(toAccount(new DeletePublicAccessBlockCommand({ Bucket: 'of-the-account' }), accountId));
}
