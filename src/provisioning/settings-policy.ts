import { fail } from '../errors';
import { bucketArn, printable } from './names';
import { parseStrictly } from './settings-json';
import { elementProblem, letsEveryoneIn, statementsOf } from './settings-statements';

/** A bucket policy as it is put. */
export interface WantedPolicy {
  /** JSON without white space: exactly what was checked. */
  readonly text: string;
  /** Some statement allows something to everyone, whatever its conditions. */
  readonly isPublic: boolean;
  /** Some statement denies something: it may shut this service out, too. */
  readonly denies: boolean;
}

export interface PolicyScope {
  readonly bucket: string;
  readonly partition: string;
  /** Whether the account's configuration lets bucket policies speak to everyone. */
  readonly allowPublic: boolean;
}

/** Bytes. https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html */
const MAX_BYTES = 20 * 1024;

const POINTER = '/BucketPolicy';

const invalid = (detail: string): never => fail({ kind: 'invalid', pointer: POINTER, detail: `BucketPolicy ${detail}` });

/**
 * A bucket policy, checked before any call: well-formed, of this bucket alone, and not for everyone where the account does
 * not allow that. Whether its principals and actions exist is for S3 to say. Ends with `invalid`.
 */
export function wantedPolicy(input: Readonly<Record<string, unknown>> | string, scope: PolicyScope): WantedPolicy {
  const document = typeof input === 'string' ? parsed(input) : input;
  const statements = statementsOf(document);
  if (typeof statements === 'string') return invalid(statements);
  const arn = bucketArn(scope.partition, scope.bucket);
  for (const [index, statement] of statements.entries()) {
    const problem = elementProblem(statement, arn);
    if (problem !== undefined) return invalid(`has a wrong statement ${String(index + 1)}: ${problem}`);
  }
  const isPublic = statements.some(letsEveryoneIn);
  if (isPublic && !scope.allowPublic) {
    return invalid(
      'allows something to everyone (a Principal with *, or NotPrincipal), and this account does not take public policies, whatever their conditions: name the principals',
    );
  }
  const text = JSON.stringify(document);
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_BYTES) return invalid(`has ${String(bytes)} bytes without white space; S3 takes ${String(MAX_BYTES)}`);
  return { text, isPublic, denies: statements.some(({ Effect }) => Effect === 'Deny') };
}

function parsed(text: string): unknown {
  const result = parseStrictly(text);
  return 'problem' in result ? invalid(printable(result.problem)) : result.value;
}
