import type { Change, ChangeInfo, ResourceRecordSet } from '@aws-sdk/client-route-53';
import { ChangeResourceRecordSetsCommand } from '@aws-sdk/client-route-53';
import type { Context } from '../context';
import type { Needs, StepHandle, StepSpec } from '../../engine/plan';
import { DomainFailure, toDomainError } from '../../errors';
import type { DistributionFound } from '../reads/distribution';
import { aliasTarget, recordsOf } from '../reads/dns';

/** The zone of every CloudFront alias. https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html */
export const CLOUDFRONT_ZONE = 'Z2FDTNDATAQYW2';

/** A for IPv4, AAAA for IPv6. */
const TYPES = ['A', 'AAAA'] as const;

interface DistributionNeed extends Needs {
  readonly distribution: StepHandle<DistributionFound>;
}

/**
 * Points a site's name at its distribution: A and AAAA alias in one atomic batch. Ends with `exists` when a record came
 * in between; that one is left alone.
 */
export function createAlias(
  context: Context,
  zone: string,
  site: string,
  distribution: StepHandle<DistributionFound>,
): StepSpec<DistributionNeed, ChangeInfo> {
  const target = (found: DistributionFound) => found.distribution.DomainName ?? '';
  return {
    title: `Point ${site} at its CloudFront distribution`,
    needs: { distribution },
    run: async ({ distribution: found }) => {
      try {
        return await apply(
          context,
          zone,
          TYPES.map((Type) => ({ Action: 'CREATE', ResourceRecordSet: alias(site, Type, target(found)) })),
          `Created by mallard for ${site}`,
        );
      } catch (thrown) {
        throw whenTaken(thrown, site);
      }
    },
    alreadyDone: async ({ distribution: found }) => {
      const ours = await pointingAt(context, zone, site, target(found));
      // The reply with the change's id is lost; the records are there.
      return ours.length === TYPES.length
        ? { result: { Id: undefined, Status: 'PENDING', SubmittedAt: undefined } }
        : undefined;
    },
    undo: async ({ needs }) => {
      await removeAll(context, zone, site, await pointingAt(context, zone, site, target(needs.distribution)));
    },
  };
}

/** Takes records away exactly as they were seen; the undo puts them back. */
export function deleteAlias(
  context: Context,
  zone: string,
  site: string,
  records: readonly ResourceRecordSet[],
): StepSpec<Record<never, never>, ChangeInfo | undefined> {
  if (records.length === 0) {
    return { title: `${site} has no DNS records to take away`, run: () => Promise.resolve(undefined) };
  }
  return {
    title: `Take the DNS records of ${site} away`,
    undone: `Put the DNS records of ${site} back`,
    run: () => removeAll(context, zone, site, records),
    alreadyDone: async () => {
      const left = await recordsOf(context, zone, site);
      return records.some((record) => left.some(({ Type }) => Type === record.Type)) ? undefined : { result: undefined };
    },
    undo: async () => {
      await apply(
        context,
        zone,
        records.map((record) => ({ Action: 'UPSERT', ResourceRecordSet: structuredClone(record) })),
        `Put back by mallard for ${site}`,
      );
    },
  };
}

const alias = (Name: string, Type: (typeof TYPES)[number], DNSName: string): ResourceRecordSet => ({
  Name,
  Type,
  AliasTarget: { DNSName, HostedZoneId: CLOUDFRONT_ZONE, EvaluateTargetHealth: false },
});

async function apply(context: Context, zone: string, changes: Change[], Comment: string): Promise<ChangeInfo> {
  const { ChangeInfo: info } = await context.session.route53(
    new ChangeResourceRecordSetsCommand({ HostedZoneId: zone, ChangeBatch: { Comment, Changes: changes } }),
  );
  return info ?? { Id: undefined, Status: 'PENDING', SubmittedAt: undefined };
}

/** Deletes what is still there of `records`: a batch with one that is gone, or another's by now, is refused whole. */
async function removeAll(
  context: Context,
  zone: string,
  site: string,
  records: readonly ResourceRecordSet[],
): Promise<ChangeInfo | undefined> {
  if (records.length === 0) return undefined;
  const remove = (set: readonly ResourceRecordSet[]): Promise<ChangeInfo> =>
    apply(
      context,
      zone,
      set.map((record) => ({ Action: 'DELETE', ResourceRecordSet: structuredClone(record) })),
      `Deleted by mallard for ${site}`,
    );
  try {
    return await remove(records);
  } catch (thrown) {
    if (toDomainError(thrown).origin?.code !== 'InvalidChangeBatch') throw thrown;
    const all = await recordsOf(context, zone, site);
    const left = records.filter((record) => all.some((one) => one.Type === record.Type && aliasTarget(one) === aliasTarget(record)));
    if (left.length === records.length) throw thrown;
    return left.length === 0 ? undefined : remove(left);
  }
}

/** The site's records that are aliases of `target`. */
async function pointingAt(
  context: Context,
  zone: string,
  site: string,
  target: string,
): Promise<readonly ResourceRecordSet[]> {
  const records = await recordsOf(context, zone, site);
  return records.filter((record) => aliasTarget(record) === target.toLowerCase());
}

/** CREATE of a record that exists is an InvalidChangeBatch, which says nothing to the caller. */
function whenTaken(thrown: unknown, site: string): unknown {
  const { origin } = toDomainError(thrown);
  if (origin?.code !== 'InvalidChangeBatch') return thrown;
  return new DomainFailure({ kind: 'exists', detail: `a DNS record ${site} exists already`, origin });
}
