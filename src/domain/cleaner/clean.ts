import type { Context } from '../shared/context';
import { answer, type StepFactory, type StepHandle } from '../../engine/plan';
import { fail } from '../../base/errors';
import type { AsJson } from '../../base/json';
import { printable } from '../shared/names';
import { bucketNames, cleanableDistributions, orphans } from './aws/find';
import { lookup, operation } from '../shared/operation';
import { scopedRoot } from '../shared/role';
import { iamAccount } from '../shared/subject-rules';
import { domainOf } from '../shared/site-names';
import { deleteDistribution } from './aws/delete-distribution';
import type { Orphaned } from './aws/see-orphans';
import { removeGroup, removeOrphanedUser, removePolicy, removeRecord } from './remove-orphan';
import type { CleanerOrphan, CleanerReport } from '../website/rules/shapes';

type Found = Omit<CleanerReport, 'nextRun'>;
type OrphanSeen = AsJson<CleanerOrphan>;

interface RunCleaner {
  /** What of the orphans is to be removed, as `type/name`. */
  readonly orphans?: readonly string[] | null;
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
  dryRun: async (context) => report(context, await survey(context)),
  look: async (context, _, input) => {
    const seen = (input.orphans ?? []).length === 0 ? await distributionsOnly(context) : await survey(context);
    return { ...seen, distributions: seen.distributions.filter(({ state }) => state === 'deletable') };
  },
  plan: (context, { input, seen }, step) => {
    const wanted = [...new Set(input.orphans ?? [])].map(
      (name) => seen.orphans.find((orphan) => keyOf(orphan) === name) ?? fail(noOrphan(name)),
    );
    const deleted: Record<string, StepHandle<string | undefined>> = {};
    for (const { id, site } of seen.distributions) deleted[id] = step(deleteDistribution(context, id, site));
    // What cannot be removed must hold up nothing else, and what is removed stays removed.
    const begun = wanted.length === 0 ? [] : [step(forwardOnly(context.session.account.name))];
    const removed = Object.fromEntries(wanted.map((orphan) => [keyOf(orphan), removal(context, orphan, step, begun)]));
    return answer({ ...deleted, ...removed }, (results) => {
      const spared = (orphan: OrphanSeen) => {
        const result = results[keyOf(orphan)];
        return typeof result === 'object' ? result.spared : undefined;
      };
      const all = wanted.map(spared).filter((one) => one !== undefined);
      return report(context, {
        distributions: seen.distributions.filter(({ id }) => results[id] !== undefined),
        orphans: wanted.filter((orphan) => spared(orphan) === undefined),
        kept: all.flatMap((one) => ('UserName' in one ? [one] : [])),
        left: all.flatMap((one) => ('Resource' in one ? [one] : [])),
      });
    });
  },
});

async function distributionsOnly(context: Context): Promise<Found> {
  return { distributions: await cleanableDistributions(context, await bucketNames(context)), orphans: [] };
}

const noOrphan = (name: string) =>
  ({ kind: 'not-found', detail: `${printable(name)} is none of the orphans the cleaner lists` }) as const;

const keyOf = ({ type, name }: OrphanSeen): string => `${type}/${name}`;

const forwardOnly = (account: string) => ({
  title: `Remove the orphans named of account ${account}`,
  pivot: true,
  run: () => Promise.resolve(),
});

/** Adds the step that looks at an orphan once more and removes it. */
function removal(
  context: Context,
  { type, name, bucket }: OrphanSeen,
  step: StepFactory,
  after: readonly StepHandle<unknown>[],
): StepHandle<Orphaned> {
  const { account, partition, accountId } = context.session;
  switch (type) {
    case 'group':
      return step(removeGroup(context, name, bucket, after));
    case 'user':
      return step(removeOrphanedUser(context, name, bucket, after));
    case 'record': {
      const { hostedZoneId } = account.domains.get(domainOf(name)) ?? fail(noOrphan(name));
      return step(removeRecord(context, hostedZoneId, name, after));
    }
    case 'policy': {
      const arn = `arn:${partition}:iam::${accountId}:policy${pathOf(name, bucket)}${name}`;
      return step(removePolicy(context, name, arn, bucket, after));
    }
  }
}

/** Gives the IAM path a policy of that name has: `<site>-<scope>-BktRWPlc` lies under `/<site>/<scope>/`. */
function pathOf(name: string, bucket: string): string {
  const scope = /^-(.+)-Bkt(?:RW|RO)Plc$/.exec(name.slice(bucket.length))?.[1];
  return scope === undefined ? '/' : `${scopedRoot(bucket)}${scope.replaceAll('_', '/')}/`;
}
