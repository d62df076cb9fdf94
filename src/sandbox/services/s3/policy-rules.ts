import { isIP } from 'node:net';
import { AwsRefusal } from '../../contract';

/** Bucket policies: what S3 demands of the document, and whether it makes the bucket public. */

/** Bytes; S3 User Guide, "Bucket policies". */
const MAX_POLICY_BYTES = 20 * 1024;

const malformed = (message: string): AwsRefusal => new AwsRefusal(400, 'MalformedPolicy', message);

type Json = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

const STATEMENT_MEMBERS = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]);

/** Exactly one of a member and its negation. */
function either(statement: Json, member: string): unknown {
  const [plain, negated] = [statement[member], statement[`Not${member}`]];
  if ((plain === undefined) === (negated === undefined)) throw malformed(`Missing required field ${member}`);
  return plain ?? negated;
}

function strings(value: unknown, message: string): readonly string[] {
  const list = listOf(value);
  if (list.length === 0 || !list.every((item): item is string => typeof item === 'string')) throw malformed(message);
  return list;
}

function checkPrincipal(principal: unknown, partition: string): void {
  if (principal === '*') return;
  const kinds = ['AWS', 'Service', 'CanonicalUser', 'Federated'];
  if (!isRecord(principal) || Object.keys(principal).length === 0) throw malformed('Invalid policy syntax.');
  for (const [kind, value] of Object.entries(principal)) {
    if (!kinds.includes(kind)) throw malformed('Invalid policy syntax.');
    for (const name of strings(value, 'Invalid policy syntax.')) {
      const [, named] = /^arn:([a-z-]+):(?:iam|sts)::(?:\d{12}|cloudfront):.+$/.exec(name) ?? [];
      const isKnown = /^\*$|^\d{12}$/.test(name) || named === partition;
      if (kind === 'AWS' && !isKnown) throw malformed('Invalid principal in policy');
    }
  }
}

function checkStatement(statement: unknown, arn: string): void {
  if (!isRecord(statement)) throw malformed("Policies must be valid JSON and the first byte must be '{'");
  const unknown = Object.keys(statement).find((member) => !STATEMENT_MEMBERS.has(member));
  if (unknown !== undefined) throw malformed(`Unknown field ${unknown}`);
  if (statement['Effect'] !== 'Allow' && statement['Effect'] !== 'Deny') {
    throw malformed(`Invalid effect: ${String(statement['Effect'])}`);
  }
  checkPrincipal(either(statement, 'Principal'), arn.split(':')[1] ?? '');
  for (const action of strings(either(statement, 'Action'), 'Policy has invalid action')) {
    if (action !== '*' && !/^s3:[A-Za-z*?]+$/i.test(action)) throw malformed('Policy has invalid action');
  }
  for (const resource of strings(either(statement, 'Resource'), 'Policy has invalid resource')) {
    if (resource !== arn && resource !== `${arn}*` && !resource.startsWith(`${arn}/`)) {
      throw malformed('Policy has invalid resource');
    }
  }
  if (statement['Condition'] !== undefined && !isRecord(statement['Condition'])) {
    throw malformed('Conditions must be a map');
  }
}

/**
 * Checks the text of the policy of the bucket with that ARN.
 * @throws {PolicyTooLarge} when it is too long
 * @throws {MalformedPolicy} when S3 would not take it
 */
export function checkPolicy(text: string, arn: string): void {
  if (Buffer.byteLength(text) > MAX_POLICY_BYTES) {
    throw new AwsRefusal(400, 'PolicyTooLarge', 'Policy exceeds the maximum allowed document size.');
  }
  const document = parse(text);
  const version = document['Version'];
  if (version !== undefined && version !== '2012-10-17' && version !== '2008-10-17') {
    throw malformed('The policy must contain a valid version string');
  }
  const statements = listOf(document['Statement']);
  if (document['Statement'] === undefined || statements.length === 0) {
    throw malformed('Missing required field Statement');
  }
  for (const statement of statements) checkStatement(statement, arn);
}

function parse(text: string): Json {
  try {
    const document: unknown = JSON.parse(text);
    if (text.startsWith('{') && isRecord(document)) return document;
  } catch {
    // Falls through to the refusal, which is the same for every broken document.
  }
  throw malformed("Policies must be valid JSON and the first byte must be '{'");
}

/** Condition keys that confine a statement to known callers when compared with fixed values. */
const CONFINING = new Set([
  'aws:sourcearn',
  'aws:sourceaccount',
  'aws:sourceowner',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:principalaccount',
  'aws:principalarn',
  's3:dataaccesspointaccount',
]);
/** Operators that fail for a call without the key: neither `ForAllValues:` nor `IfExists` is among them. */
const COMPARING = /^(ForAnyValue:)?(StringEquals(IgnoreCase)?|StringLike|ArnEquals|ArnLike)$/;
const IN_NETWORK = /^(ForAnyValue:)?IpAddress$/;

const isFixedText = (value: string): boolean => value !== '' && !/[*?]/.test(value) && !value.includes('${');

/** An address range counts as fixed unless it is (nearly) the whole internet. */
function isNarrowRange(range: string): boolean {
  const [, network = '', bits] = /^([0-9a-fA-F.:]+)(?:\/(\d{1,3}))?$/.exec(range) ?? [];
  const [least, most] = isIP(network) === 6 ? [32, 128] : [8, 32];
  return isIP(network) !== 0 && (bits === undefined || (Number(bits) >= least && Number(bits) <= most));
}

function isFixed(key: string, value: string): boolean {
  switch (key) {
    case 'aws:userid':
      return isFixedText(value) && !/^AROA[^:]*:/i.test(value);
    case 's3:dataaccesspointarn':
      // The account is fixed, the access point need not be.
      return /^arn:[a-z-]+:s3:[a-z0-9-]*:\d{12}:accesspoint\/[^$]+$/.test(value);
    default:
      return CONFINING.has(key) && isFixedText(value);
  }
}

function isConfined(condition: unknown): boolean {
  if (!isRecord(condition)) return false;
  return Object.entries(condition).some(
    ([operator, tests]) =>
      isRecord(tests) &&
      Object.entries(tests).some(([name, value]) => {
        const key = name.toLowerCase();
        const values = listOf(value).map(String);
        if (values.length === 0) return false;
        if (key === 'aws:sourceip') return IN_NETWORK.test(operator) && values.every(isNarrowRange);
        return COMPARING.test(operator) && values.every((one) => isFixed(key, one));
      }),
  );
}

function namesEveryone(statement: Json): boolean {
  if (statement['NotPrincipal'] !== undefined) return true;
  const principal = statement['Principal'];
  return (
    principal === '*' || (isRecord(principal) && Object.values(principal).some((value) => listOf(value).includes('*')))
  );
}

/** Tells whether a policy lets in everyone. Source: S3 User Guide, 'The meaning of "public"'. */
export function isPublicPolicy(text: string): boolean {
  return listOf(parse(text)['Statement']).some(
    (statement) =>
      isRecord(statement) &&
      statement['Effect'] === 'Allow' &&
      namesEveryone(statement) &&
      !isConfined(statement['Condition']),
  );
}
