/**
 * IAM policy documents, parsed and checked once.
 * Grammar: IAM User Guide, "Grammar of the IAM JSON policy language".
 */
import { type Condition, parseConditions } from './condition';

/** Which members a document may have: trust policies have no Resource, identity and session policies no Principal. */
export type PolicyKind = 'identity' | 'resource' | 'trust';

/** `NotAction`, `NotResource` and `NotPrincipal` are the same lists, negated. */
export interface Patterns {
  readonly negated: boolean;
  readonly values: readonly string[];
}

export interface Statement {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: Patterns;
  /** undefined in trust policies. */
  readonly resources: Patterns | undefined;
  /** AWS principals: `*`, account ids, ARNs; services as `serviceEntry`, identity providers as `federatedEntry`. Undefined in identity policies. */
  readonly principals: Patterns | undefined;
  readonly conditions: readonly Condition[];
}

export interface PolicyDocument {
  /** Documents of version 2008-10-17 have no policy variables. */
  readonly variables: boolean;
  readonly statements: readonly Statement[];
}

export type Parsed = { readonly document: PolicyDocument } | { readonly problem: string };

type Json = Readonly<Record<string, unknown>>;

const SYNTAX = 'Syntax errors in policy.';
const TOP = new Set(['Version', 'Id', 'Statement']);
const MEMBERS = new Set([
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
const ACTION = /^(\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+)$/;
const PRINCIPAL_TYPES = new Set(['AWS', 'Service', 'Federated', 'CanonicalUser']);

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One string or a non-empty list of strings; undefined when it is neither. */
function strings(value: unknown): readonly string[] | undefined {
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.every((item): item is string => typeof item === 'string') ? value : undefined;
}

function either(statement: Json, member: string): Patterns | 'absent' | undefined {
  const plain = statement[member];
  const negated = statement[`Not${member}`];
  if (plain === undefined && negated === undefined) return 'absent';
  if (plain !== undefined && negated !== undefined) return undefined;
  const values = strings(plain ?? negated);
  return values === undefined ? undefined : { negated: plain === undefined, values };
}

/** Writes how a service stands among AWS principals; no ARN or account id begins like this. */
export function serviceEntry(name: string): string {
  return `service:${name}`;
}

/** Writes how an identity provider, by its ARN, stands among them. */
export function federatedEntry(arn: string): string {
  return `federated:${arn}`;
}

function principals(statement: Json): Patterns | 'absent' | undefined {
  const plain = statement['Principal'];
  const negated = statement['NotPrincipal'];
  if (plain === undefined && negated === undefined) return 'absent';
  if (plain !== undefined && negated !== undefined) return undefined;
  const element = plain ?? negated;
  if (element === '*') return { negated: plain === undefined, values: ['*'] };
  if (!isJson(element) || Object.keys(element).length === 0) return undefined;
  const values: string[] = [];
  for (const [type, listed] of Object.entries(element)) {
    const names = strings(listed);
    if (!PRINCIPAL_TYPES.has(type) || names === undefined) return undefined;
    // No canonical user ever calls here; services do on their own account (CloudFront reading a bucket).
    if (type === 'AWS') values.push(...names);
    if (type === 'Service') values.push(...names.map(serviceEntry));
    if (type === 'Federated') values.push(...names.map(federatedEntry));
  }
  return { negated: plain === undefined, values };
}

function parseStatement(value: unknown, kind: PolicyKind): Statement | string {
  if (!isJson(value) || Object.keys(value).some((member) => !MEMBERS.has(member))) return SYNTAX;
  const { Sid: sid, Effect: effect } = value;
  if (effect !== 'Allow' && effect !== 'Deny') return SYNTAX;
  if (sid !== undefined && typeof sid !== 'string') return SYNTAX;
  if (sid !== undefined && kind !== 'resource' && !/^[0-9A-Za-z]*$/.test(sid)) {
    return 'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*';
  }
  const actions = either(value, 'Action');
  if (actions === 'absent') return 'Policy statement must contain actions.';
  if (actions === undefined) return SYNTAX;
  if (!actions.values.every((action) => ACTION.test(action))) {
    return 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.';
  }
  const resources = either(value, 'Resource');
  if (resources === undefined) return SYNTAX;
  if (kind === 'trust' && resources !== 'absent') return 'Has prohibited field Resource';
  if (kind !== 'trust' && resources === 'absent') return 'Policy statement must contain resources.';
  const odd = resources === 'absent' ? undefined : resources.values.find((resource) => !/^(\*|arn:.+)$/.test(resource));
  if (odd !== undefined) return `Resource ${odd} must be in ARN format or "*".`;
  const who = principals(value);
  if (who === undefined) return SYNTAX;
  if (kind === 'identity' && who !== 'absent') return 'Policy document should not specify a principal.';
  if (kind !== 'identity' && who === 'absent') return 'Missing required field Principal';
  const conditions = parseConditions(value['Condition']);
  if (typeof conditions === 'string') return conditions;
  return {
    sid,
    effect,
    actions,
    resources: resources === 'absent' ? undefined : resources,
    principals: who === 'absent' ? undefined : who,
    conditions,
  };
}

/** Reads the document in `text`, or tells what is wrong with it in AWS's words. Never throws. */
export function parsePolicy(text: string, kind: PolicyKind): Parsed {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: SYNTAX };
  }
  if (!isJson(value) || Object.keys(value).some((member) => !TOP.has(member))) return { problem: SYNTAX };
  const version = value['Version'] ?? '2008-10-17';
  if (version !== '2008-10-17' && version !== '2012-10-17') return { problem: SYNTAX };
  const listed = value['Statement'];
  const raw: readonly unknown[] = Array.isArray(listed) ? listed : [listed];
  if (listed === undefined || raw.length === 0) return { problem: SYNTAX };
  const statements: Statement[] = [];
  for (const one of raw) {
    const statement = parseStatement(one, kind);
    if (typeof statement === 'string') return { problem: statement };
    statements.push(statement);
  }
  const sids = statements.map((statement) => statement.sid).filter((sid) => sid !== undefined && sid !== '');
  if (new Set(sids).size < sids.length) return { problem: 'Statement IDs (SID) in a single policy must be unique.' };
  return { document: { variables: version === '2012-10-17', statements } };
}
