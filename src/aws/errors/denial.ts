/**
 * Why AWS denied a call, of its own sentence: `User: ARN is not authorized to perform: ACTION on resource: ARN with an explicit
 * deny in a … policy: ARN`, and since 2026, for some, a link that ends in an authorization id.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html,
 * …/troubleshoot_access-denied-authorization-id.html
 */

const SENTENCE =
  /^User: (\S+) is not authorized to perform: ([\w-]+:\w+)(?: on resource: "?(.+?)"?)?((?: with an explicit deny in| because) .+)?$/s;
const AUTHORIZATION_ID = /(?:authorization-details\/|authorization id:? ?)([\w-]{8,256})/i;
const LONGEST = 400;

/** A policy of an organization lies in its managing account; what is said of it is its kind and id. */
const ORGANIZATION_POLICY = /\barn:[\w-]+:organizations::\d+:policy\/[\w-]+\/\w+\/([\w-]+)/g;
const ARN = /\barn:[\w-]+:[\w-]*:[\w-]*:(\d*):[^\s",]*/g;

/**
 * Says what AWS tells of a refusal: action, resource, the policy that denies and the id by which IAM explains it. Who we are is
 * left out, and so is everything of an account that is not the one the call was made in. Undefined where AWS tells nothing.
 */
export function reasonOf(message: string | undefined): string | undefined {
  const [, principal = '', action = '', resource = '', why = ''] = SENTENCE.exec(message ?? '') ?? [];
  if (action === '') return undefined;
  const account = principal.split(':')[4] ?? '';
  const own = (text: string): string =>
    text
      .replace(ORGANIZATION_POLICY, '$1')
      .replace(ARN, (arn, of: string) => (of === '' || of === account ? arn : '[of another account]'));
  const because = own(why.replace(/\.? Go to https:.*$/s, '').replace(/\.$/, ''));
  const id = AUTHORIZATION_ID.exec(message ?? '')?.[1];
  const said = [
    ` ${action}`,
    ...(resource === '' ? [] : [` on ${own(resource)}`]),
    because.replace(/^ because/, ', because'),
    ...(id === undefined ? [] : [` (authorization id ${id})`]),
  ].join('');
  return printable(said).slice(0, LONGEST);
}

// eslint-disable-next-line no-control-regex -- control characters are what is removed here
const printable = (text: string): string => text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();
