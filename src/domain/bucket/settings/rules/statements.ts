import { printable } from '../../../shared/names';

/**
 * The grammar of a bucket policy, as far as it must hold for the other checks to mean anything.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */

type Json = Readonly<Record<string, unknown>>;

/** Member names are as AWS reads them, case included: an unknown one is refused, so nothing is overlooked. */
export interface Statement extends Json {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
}

const DOCUMENT = ['Version', 'Id', 'Statement'];
const STATEMENT = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
];
const PRINCIPALS = ['AWS', 'Service', 'Federated', 'CanonicalUser'];
const VERSIONS = ['2012-10-17', '2008-10-17'];

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** AWS lets a list of one stand without its brackets. */
const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

function texts(value: unknown): readonly string[] | undefined {
  const list = listed(value);
  return list.length > 0 && list.every((one): one is string => typeof one === 'string' && one !== '')
    ? list
    : undefined;
}

function unknownMember(value: Json, known: readonly string[]): string | undefined {
  const found = Object.keys(value).find((member) => !known.includes(member));
  return found === undefined ? undefined : `has an unknown member "${printable(found)}"; known: ${known.join(', ')}`;
}

/** Reads the statements of a policy document, which may be none; a text says what is wrong with it. */
export function statementsOf(document: unknown): readonly Statement[] | string {
  if (!isObject(document)) return 'must be a JSON object';
  const unknown = unknownMember(document, DOCUMENT);
  if (unknown !== undefined) return unknown;
  const { Version, Id, Statement } = document;
  if (Version !== undefined && !VERSIONS.some((version) => version === Version))
    return `has a Version that is none of ${VERSIONS.join(', ')}`;
  if (Id !== undefined && typeof Id !== 'string') return 'has an Id that is no text';
  const statements = Statement === undefined ? [] : listed(Statement);
  return statements.every(isObject) ? statements : 'has a Statement that is no object';
}

/** Tells what is wrong with a statement of a policy of the bucket with this ARN; undefined when nothing is. */
export function elementProblem(statement: Statement, arn: string): string | undefined {
  const unknown = unknownMember(statement, STATEMENT);
  if (unknown !== undefined) return `it ${unknown}`;
  if (statement['Sid'] !== undefined && typeof statement['Sid'] !== 'string') return 'Sid must be text';
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') return 'Effect must be Allow or Deny';
  for (const member of ['Principal', 'Action', 'Resource']) {
    if ((statement[member] === undefined) === (statement[`Not${member}`] === undefined))
      return `it needs either ${member} or Not${member}`;
  }
  return (
    principalProblem(statement.Principal ?? statement['NotPrincipal']) ??
    actionProblem(statement['Action'] ?? statement['NotAction']) ??
    resourceProblem(statement['Resource'] ?? statement['NotResource'], arn) ??
    conditionProblem(statement['Condition'])
  );
}

function principalProblem(principal: unknown): string | undefined {
  if (principal === '*') return undefined;
  if (!isObject(principal) || Object.keys(principal).length === 0)
    return `a principal is "*" or an object of ${PRINCIPALS.join(', ')}`;
  const unknown = unknownMember(principal, PRINCIPALS);
  if (unknown !== undefined) return `its principal ${unknown}`;
  return Object.values(principal).every((names) => texts(names) !== undefined)
    ? undefined
    : 'a principal is named by text or a list of texts';
}

function actionProblem(action: unknown): string | undefined {
  const actions = texts(action);
  if (actions === undefined) return 'an action is text or a list of texts';
  const other = actions.find((name) => name !== '*' && !/^s3:[A-Za-z0-9*?]+$/i.test(name));
  return other === undefined ? undefined : `"${printable(other)}" is no action of S3`;
}

/** A wildcard in the bucket's name could reach further than this bucket. */
function resourceProblem(resource: unknown, arn: string): string | undefined {
  const resources = texts(resource);
  if (resources === undefined) return 'a resource is text or a list of texts';
  const other = resources.find((name) => name !== arn && !name.startsWith(`${arn}/`));
  return other === undefined
    ? undefined
    : `the resource "${printable(other)}" is not of this bucket: it must be ${arn} or begin with ${arn}/`;
}

const isValue = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

function conditionProblem(condition: unknown): string | undefined {
  const isWellFormed =
    condition === undefined ||
    (isObject(condition) &&
      Object.values(condition).every(
        (tests) => isObject(tests) && Object.values(tests).every((values) => listed(values).every(isValue)),
      ));
  return isWellFormed ? undefined : 'Condition must hold operators, each with keys and their values';
}
