import type { Context } from '../shared/context';
import { answer, type StepFactory, type StepHandle } from '../../engine/plan';
import { fail } from '../../base/errors';
import { type AsJson, throughJson } from '../../base/json';
import { printable } from '../shared/names';
import { bucketNames, cleanableDistributions, orphans } from './aws/find';
import { lookup, operation } from '../shared/operation';
import { scopedRoot } from '../shared/role';
import { iamAccount } from '../shared/subject-rules';
import { domainOf } from '../shared/site-names';
import { deleteDistribution, type Doomed } from './aws/delete-distribution';
import type { Orphaned } from './aws/see-orphans';
import {
  foresee,
  type Foreseen,
  type Removal,
  removeGroup,
  removeOrphanedUser,
  removePolicy,
  removeRecord,
  telling,
} from './remove-orphan';
import type { CleanerOrphan, CleanerReport } from '../website/rules/shapes';

type Found = Omit<CleanerReport, 'nextRun'>;
type OrphanSeen = AsJson<CleanerOrphan>;

interface RunCleaner {
  /** What of the orphans is to be removed, as `type/name`. */
  readonly orphans?: readonly string[] | null;
}

/** What a run was planned of; journals of former versions lack what was foreseen. */
interface Surveyed extends Found {
  /** Of the orphans that are named, as `type/name`. */
  readonly foreseen?: Readonly<Record<string, Foreseen | undefined>>;
}

/** Looks what the cleaner would do now, and what it only lists. */
async function survey(context: Context): Promise<Found> {
  const buckets = await bucketNames(context);
  const [distributions, found] = await Promise.all([
    cleanableDistributions(context, buckets),
    orphans(context, buckets),
  ]);
  return { distributions, orphans: found };
}

const report = (context: Context, found: Found): CleanerReport => ({ ...found, nextRun: context.nextCleaning() });

/** Shows what the cleaner would do now, and what it only lists. */
export const previewCleaner = lookup({
  ids: { account: 'previewCleaner' },
  subject: iamAccount,
  read: async (context) => report(context, await survey(context)),
});

/**
 * Deletes the distributions nobody will use again, and of the orphans those that are named as `type/name` and surely ours.
 * Nothing is undone: what is gone is what nobody asked to keep. One run at a time per account.
 */
export const runCleaner = operation({
  ids: { account: 'runCleaner' },
  kind: 'clean',
  version: 1,
  subject: iamAccount,
  recovery: 'forward',
  title: ({ account }, _input: RunCleaner) => `Clean account ${account}`,
  dryRun: async (context, _, input) => {
    const found = await survey(context);
    const seen = await lookAhead(context, found, input, foresee);
    const spared = Object.values(seen.foreseen ?? {}).flatMap((one) => one?.spared ?? []);
    return { seen, report: { ...report(context, found), ...told(spared) } };
  },
  look: async (context, _, input) =>
    lookAhead(
      context,
      await (wantsNone(input) ? distributionsOnly(context) : survey(context)),
      input,
      // One that cannot be looked at is its own step's failure, and holds up nothing else.
      (one) => foresee(one).catch(() => undefined),
    ),
  plan: (context, { input, seen }, step) => {
    const wanted = named(input, seen.orphans);
    const ending = (one: Doomed) => step(deleteDistribution(context, one));
    const deleted: Record<string, ReturnType<typeof ending>> = {};
    for (const { id, site, state } of seen.distributions)
      deleted[id] = ending({ id, site, isNoted: state === 'waiting' });
    // What cannot be removed must hold up nothing else, and what is removed stays removed.
    const begun = wanted.length === 0 ? [] : [step(forwardOnly(context.session.account.name))];
    const removed = Object.fromEntries(
      wanted.map((orphan) => [keyOf(orphan), removal(context, orphan, begun, addTo(step, orphan, seen.foreseen))]),
    );
    return answer({ ...deleted, ...removed }, (results) => {
      const spared = (orphan: OrphanSeen) => {
        const result = results[keyOf(orphan)];
        return typeof result === 'object' && 'spared' in result ? result.spared : undefined;
      };
      const waiting = seen.distributions.flatMap(({ id }) => {
        const result = results[id];
        return typeof result === 'object' && 'waits' in result ? [result.waits] : [];
      });
      const all = [...wanted.map(spared).filter((one) => one !== undefined), ...waiting];
      return report(context, {
        distributions: seen.distributions
          .filter(({ id }) => typeof results[id] === 'string')
          .map(({ id, site, reason }) => ({ id, site, state: 'deletable', reason })),
        orphans: wanted.filter((orphan) => spared(orphan) === undefined),
        ...told(all),
      });
    });
  },
});

async function distributionsOnly(context: Context): Promise<Found> {
  return { distributions: await cleanableDistributions(context, await bucketNames(context)), orphans: [] };
}

const wantsNone = ({ orphans: names }: RunCleaner): boolean => (names ?? []).length === 0;

/** Picks the orphans that are to be removed, from those that there are. */
function named({ orphans: names }: RunCleaner, all: readonly OrphanSeen[]): readonly OrphanSeen[] {
  return [...new Set(names ?? [])].map((name) => all.find((orphan) => keyOf(orphan) === name) ?? fail(noOrphan(name)));
}

/** Keeps of what was found what a run is about, and looks what it comes to. */
async function lookAhead(
  context: Context,
  found: Found,
  input: RunCleaner,
  ahead: <T extends Orphaned>(removal: Removal<T>) => Promise<Foreseen | undefined>,
): Promise<Surveyed> {
  const wanted = named(input, throughJson(found.orphans));
  const foreseen = await Promise.all(
    wanted.map(async (orphan) => [keyOf(orphan), await removal(context, orphan, [], ahead)] as const),
  );
  return {
    ...found,
    // Nothing but trying tells whether one need not wait any more.
    distributions: found.distributions.filter(({ state }) => state !== 'deploying'),
    foreseen: Object.fromEntries(foreseen),
  };
}

/** Adds a removal to a plan. */
const addTo =
  (step: StepFactory, orphan: OrphanSeen, foreseen: AsJson<Surveyed>['foreseen']) =>
  <T extends Orphaned>(one: Removal<T>): StepHandle<Orphaned> =>
    step(telling(one, `${orphan.type} ${orphan.name}`, foreseen?.[keyOf(orphan)]));

/** What of the orphans that were named stays. */
const told = (spared: readonly NonNullable<Orphaned['spared']>[]) => ({
  kept: spared.flatMap((one) => ('UserName' in one ? [one] : [])),
  left: spared.flatMap((one) => ('Resource' in one ? [one] : [])),
});

const noOrphan = (name: string) =>
  ({ kind: 'not-found', detail: `${printable(name)} is none of the orphans the cleaner lists` }) as const;

const keyOf = ({ type, name }: OrphanSeen): string => `${type}/${name}`;

const forwardOnly = (account: string) => ({
  title: `Remove the orphans named of account ${account}`,
  pivot: true,
  run: () => Promise.resolve(),
});

/** Hands the removal of an orphan to `use`. */
function removal<R>(
  context: Context,
  { type, name, bucket }: OrphanSeen,
  after: readonly StepHandle<unknown>[],
  use: <T extends Orphaned>(removal: Removal<T>) => R,
): R {
  const { account, partition, accountId } = context.session;
  switch (type) {
    case 'group':
      return use(removeGroup(context, name, bucket, after));
    case 'user':
      return use(removeOrphanedUser(context, name, bucket, after));
    case 'record': {
      const { hostedZoneId } = account.domains.get(domainOf(name)) ?? fail(noOrphan(name));
      return use(removeRecord(context, hostedZoneId, name, after));
    }
    case 'policy': {
      const arn = `arn:${partition}:iam::${accountId}:policy${pathOf(name, bucket)}${name}`;
      return use(removePolicy(context, name, arn, bucket, after));
    }
  }
}

/** Gives the IAM path a policy of that name has: `<site>-<scope>-BktRWPlc` lies under `/<site>/<scope>/`. */
function pathOf(name: string, bucket: string): string {
  const scope = /^-(.+)-Bkt(?:RW|RO)Plc$/.exec(name.slice(bucket.length))?.[1];
  return scope === undefined ? '/' : `${scopedRoot(bucket)}${scope.replaceAll('_', '/')}/`;
}
