import { siteThings, type TakenSites } from './site-facts';
import { STORE_BUCKET } from './store-bucket';

/** The sandbox's whole state as comparable facts: one text per bucket, user, group, policy, role, device, distribution and record. */
export type Facts = ReadonlyMap<string, string>;

type Thing = Readonly<Record<string, unknown>>;

interface Taken extends TakenSites {
  readonly s3: { readonly buckets: readonly Thing[] };
  readonly iam: readonly ({ readonly id: string } & Readonly<
    Record<'users' | 'groups' | 'roles' | 'policies' | 'mfaDevices', readonly Thing[]>
  >)[];
}

/** Facts of all accounts. Keys are like `user anna`; members of sets stand in one order, uses of keys are left out. */
export function factsOf(taken: string): Facts {
  // Written by the sandbox of this very process.
  const all = JSON.parse(taken) as Taken;
  const { s3, iam } = all;
  const things = [
    // What the service keeps for itself is not what it was asked for.
    ...s3.buckets
      .filter(({ name }) => name !== STORE_BUCKET)
      .map((bucket) => [`bucket ${String(bucket['name'])}`, bucket] as const),
    ...iam.flatMap((account) => [
      ...account.users.map((user) => [`user ${String(user['name'])}`, user] as const),
      ...account.groups.map((group) => [`group ${String(group['name'])}`, group] as const),
      ...account.roles.map((role) => [`role ${String(role['name'])}`, role] as const),
      ...account.policies.map((policy) => [`policy ${String(policy['name'])}`, policy] as const),
      ...account.mfaDevices.map((device) => [`device ${String(device['serial'])}`, device] as const),
    ]),
    ...siteThings(all),
  ];
  return new Map(things.map(([name, thing]) => [name, JSON.stringify(thing, comparable)]));
}

/** Arrays that are sets to AWS. */
const SETS: ReadonlySet<string> = new Set(['groups', 'attached', 'tags']);

function comparable(key: string, value: unknown): unknown {
  if (key === 'lastUsed' || key === 'lastModified') return undefined;
  if (SETS.has(key) && Array.isArray(value))
    return [...(value as unknown[])].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  // The order in which members were set says nothing.
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  return value;
}

/** The same facts without what differs between two runs of one request: ids, secrets, times, operations. */
export function withoutIds(facts: Facts): Facts {
  return new Map(
    [...facts].map(([name, text]) => [
      name,
      text
        .replace(/\bE[A-Z0-9]{13}\b/g, 'E')
        .replace(/\bd[a-z0-9]{13}\.cloudfront\.net/g, 'd.cloudfront.net')
        .replace(/\b(AKIA|AIDA|AGPA|ANPA|AROA)[A-Z0-9]{12,}\b/g, '$1')
        .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UUID')
        .replace(/"secret":"[^"]+"/g, '"secret":""')
        .replace(/"(\w+At)":\d+/g, '"$1":0'),
    ]),
  );
}

/** Names of the facts in which two states differ. */
export function differences(left: Facts, right: Facts): readonly string[] {
  return [...new Set([...left.keys(), ...right.keys()])].filter((name) => left.get(name) !== right.get(name));
}
