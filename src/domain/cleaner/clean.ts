import type { Context } from '../shared/context';
import { answer, definePlan, type StepHandle, type StepSpec } from '../../engine/plan';
import type { Recipe } from '../../engine/recipe';
import { fail } from '../../base/errors';
import { printable } from '../shared/names';
import { bucketNames, cleanableDistributions, orphans } from './aws/find';
import { scopedRoot } from '../shared/role';
import { domainOf } from '../shared/site-names';
import {
  deleteDistribution,
  type Orphaned,
  removeGroup,
  removeOrphanedUser,
  removePolicy,
  removeRecord,
} from './aws/remove';
import type { CleanerDistribution, CleanerOrphan, CleanerReport } from '../website/rules/shapes';

type DistributionSeen = { readonly [K in keyof CleanerDistribution]: CleanerDistribution[K] };
type OrphanSeen = {
  readonly type: CleanerOrphan['type'];
  readonly name: string;
  readonly bucket: string;
  readonly ageSeconds: number | null;
};
type Seen = { readonly distributions: readonly DistributionSeen[]; readonly orphans: readonly OrphanSeen[] };

/** What the cleaner would do now, and what it only lists. */
export async function previewCleaner(context: Context): Promise<Omit<CleanerReport, 'nextRun'>> {
  const buckets = await bucketNames(context);
  const [distributions, found] = await Promise.all([
    cleanableDistributions(context, buckets),
    orphans(context, buckets),
  ]);
  return { distributions, orphans: found };
}

/**
 * Deletes the distributions nobody will use again, and of the orphans those that are named as `type/name` and surely ours.
 * Nothing is undone: what is gone is what nobody asked to keep. One run at a time per account.
 */
export function clean(context: Context, named: readonly string[]): Recipe<Seen, Omit<CleanerReport, 'nextRun'>> {
  const { account } = context.session;
  const kind = 'clean';
  const title = `Clean account ${account.name}`;
  return {
    kind,
    title,
    claims: [`${account.name}/cleaner`],
    recovery: 'forward',
    look: async () => {
      const seen = named.length === 0 ? await distributionsOnly(context) : await previewCleaner(context);
      return {
        distributions: seen.distributions.filter(({ state }) => state === 'deletable').map((one) => ({ ...one })),
        orphans: seen.orphans.map((one) => ({ ...one, ageSeconds: one.ageSeconds ?? null })),
      };
    },
    plan: (seen) => {
      const wanted = [...new Set(named)].map(
        (name) => seen.orphans.find((orphan) => keyOf(orphan) === name) ?? fail(noOrphan(name)),
      );
      return definePlan(kind, title, (step) => {
        const deleted: Record<string, StepHandle<string | undefined>> = {};
        for (const { id, site } of seen.distributions) deleted[id] = step(deleteDistribution(context, id, site));
        const removed = Object.fromEntries(wanted.map((orphan) => [keyOf(orphan), step(removal(context, orphan))]));
        return answer({ ...deleted, ...removed }, (results) => {
          const spared = (orphan: OrphanSeen) => results[keyOf(orphan)];
          const all = wanted.map(spared).filter((one) => typeof one === 'object');
          return {
            distributions: seen.distributions.filter(({ id }) => results[id] !== undefined),
            orphans: wanted
              .filter((orphan) => spared(orphan) === undefined)
              .map((orphan) => ({ ...orphan, ageSeconds: orphan.ageSeconds ?? undefined })),
            kept: all.flatMap((one) => ('UserName' in one ? [one] : [])),
            left: all.flatMap((one) => ('Resource' in one ? [one] : [])),
          };
        });
      });
    },
  };
}

async function distributionsOnly(context: Context): Promise<Omit<CleanerReport, 'nextRun'>> {
  return { distributions: await cleanableDistributions(context, await bucketNames(context)), orphans: [] };
}

const noOrphan = (name: string) =>
  ({ kind: 'not-found', detail: `${printable(name)} is none of the orphans the cleaner lists` }) as const;

const keyOf = ({ type, name }: OrphanSeen): string => `${type}/${name}`;

function removal(context: Context, { type, name, bucket }: OrphanSeen): StepSpec<Record<never, never>, Orphaned> {
  const { account, partition, accountId } = context.session;
  switch (type) {
    case 'group':
      return removeGroup(context, name, bucket);
    case 'user':
      return removeOrphanedUser(context, name, bucket);
    case 'record':
      return removeRecord(context, (account.domains.get(domainOf(name)) ?? fail(noOrphan(name))).hostedZoneId, name);
    case 'policy':
      return removePolicy(
        context,
        name,
        `arn:${partition}:iam::${accountId}:policy${pathOf(name, bucket)}${name}`,
        bucket,
      );
  }
}

/** The IAM path a policy of that name has: `<site>-<scope>-BktRWPlc` lies under `/<site>/<scope>/`. */
function pathOf(name: string, bucket: string): string {
  const scope = /^-(.+)-Bkt(?:RW|RO)Plc$/.exec(name.slice(bucket.length))?.[1];
  return scope === undefined ? '/' : `${scopedRoot(bucket)}${scope.replaceAll('_', '/')}/`;
}
