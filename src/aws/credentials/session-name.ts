import { createHash } from 'node:crypto';

/** Characters of a role session name and of a source identity: 2 to 64 of `[\w+=,.@-]`. */
const MOST = 64;
const NOT_IN_NAME = /[^\w+=,.@-]/g;

/**
 * Names a role session: after the token that asked for what is done in it, else after the account. CloudTrail shows it as part
 * of the identity. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function sessionName(accountName: string, tokenId: string | undefined): string {
  const name = tokenId === undefined ? `mallard-${accountName}` : `mallard-by-${tokenId}`;
  const allowed = name.replace(NOT_IN_NAME, '-');
  if (allowed.length <= MOST) return allowed;
  // Two long ids may begin alike.
  const mark = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${allowed.slice(0, MOST - mark.length - 1)}-${mark}`;
}
