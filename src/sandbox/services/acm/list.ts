import { type JsonObject, isJsonObject } from '../../protocol/json';
import { type AcmCall, type OperationTable, refuse, strings, text } from './call';
import { type Certificate, ROOT_HIERARCHY_TYPES, STATUSES, statusOf } from './state';
import { summaryView } from './views';

/** Source: ACM API reference, ListCertificates: 1–1,000 an answer; without key types only RSA up to 2048. */
const MAX_ITEMS = 1000;
const DEFAULT_KEY_TYPES = ['RSA_1024', 'RSA_2048'];
const KEY_TYPES = new Set([
  ...DEFAULT_KEY_TYPES,
  'RSA_3072',
  'RSA_4096',
  'EC_prime256v1',
  'EC_secp384r1',
  'EC_secp521r1',
]);

function pageSize(call: AcmCall): number {
  const asked = call.input['MaxItems'];
  if (asked === undefined || asked === null) return MAX_ITEMS;
  if (typeof asked === 'number' && Number.isInteger(asked) && asked >= 1 && asked <= MAX_ITEMS) return asked;
  return refuse(
    'ValidationException',
    `1 validation error detected: Value at 'maxItems' must be between 1 and ${MAX_ITEMS}`,
  );
}

function keyTypes(call: AcmCall): readonly string[] {
  const includes = call.input['Includes'];
  const asked = isJsonObject(includes) ? strings(includes, 'keyTypes') : undefined;
  const odd = asked?.find((type) => !KEY_TYPES.has(type));
  if (odd !== undefined) refuse('ValidationException', `1 validation error detected: ${odd} is no key type`);
  return asked === undefined || asked.length === 0 ? DEFAULT_KEY_TYPES : asked;
}

function statuses(call: AcmCall): ReadonlySet<string> | undefined {
  const asked = strings(call.input, 'CertificateStatuses');
  const odd = asked?.find((status) => !(STATUSES as readonly string[]).includes(status));
  if (odd !== undefined) refuse('ValidationException', `1 validation error detected: ${odd} is no certificate status`);
  return asked === undefined || asked.length === 0 ? undefined : new Set(asked);
}

/** Without the filter those below the N2 roots are left out; with it nothing else is listed. */
function roots(call: AcmCall): readonly string[] {
  const asked = strings(call.input, 'RootHierarchyTypes') ?? [];
  const odd = asked.find((root) => !(ROOT_HIERARCHY_TYPES as readonly string[]).includes(root));
  if (odd !== undefined) refuse('ValidationException', `1 validation error detected: ${odd} is no root hierarchy type`);
  return asked;
}

function sorted(call: AcmCall, found: Certificate[]): readonly Certificate[] {
  const by = text(call, 'SortBy');
  const order = text(call, 'SortOrder');
  if ((by === undefined) !== (order === undefined))
    refuse('InvalidArgsException', 'SortBy and SortOrder must be given together.');
  if (by === undefined) return found;
  const direction = order === 'DESCENDING' ? -1 : 1;
  return found.sort((left, right) => direction * (left.createdAt - right.createdAt));
}

function list(call: AcmCall): JsonObject {
  const [types, wanted, hierarchies] = [keyTypes(call), statuses(call), roots(call)];
  const matching = [...call.state.certificates.values()].filter(
    (one) =>
      one.accountId === call.accountId &&
      one.region === call.region &&
      types.includes(one.keyAlgorithm) &&
      (one.rootHierarchyType === undefined ? hierarchies.length === 0 : hierarchies.includes(one.rootHierarchyType)) &&
      (wanted === undefined || wanted.has(statusOf(one, call.now))),
  );
  const all = sorted(call, matching);
  const token = text(call, 'NextToken');
  const after = token === undefined ? '' : Buffer.from(token, 'base64url').toString('utf8');
  const start = all.findIndex(({ arn }) => arn === after) + 1;
  if (token !== undefined && start === 0) refuse('ValidationException', 'The given NextToken is not valid.');
  const shown = all.slice(start, start + pageSize(call));
  const last = shown.at(-1);
  const more = last !== undefined && start + shown.length < all.length;
  return {
    NextToken: more ? Buffer.from(last.arn).toString('base64url') : undefined,
    CertificateSummaryList: shown.map((one) => summaryView(one, call.usersOf(one.arn), call.now)),
  };
}

export const listOperations: OperationTable = {
  ListCertificates: { resource: () => '*', run: list },
};
