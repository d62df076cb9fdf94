import {
  type Change,
  type ChangeInfo,
  ChangeResourceRecordSetsCommand,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import type { Context } from '../../../shared/context';
import type { Needs, StepHandle, StepSpec } from '../../../../engine/plan';
import { DomainFailure, fail, toDomainError } from '../../../../base/errors';
import type { DistributionFound } from '../../distribution/aws/find';
import {
  CLOUDFRONT_ZONE,
  inTheWay,
  inZone,
  isSamePlace,
  recordsOf,
  targetOf,
  unlessNoZone,
  wrongZone,
} from './records';
import { whenProtected } from './protected';
import { domainOf } from '../../../shared/site-names';

/** A for IPv4, AAAA for IPv6. */
const TYPES = ['A', 'AAAA'] as const;

interface DistributionNeed extends Needs {
  readonly distribution: StepHandle<DistributionFound>;
}

/**
 * Points a site's name at its distribution: A and AAAA alias in one atomic batch.
 * @throws {exists} when somebody has made a record of that name meanwhile; it is left alone
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
    touches: TYPES.map((Type) => ({ action: 'create', resource: `DNS record ${Type} ${site}` })),
    needs: { distribution },
    run: async ({ distribution: found }, { operationId }) => {
      try {
        return await apply(
          context,
          zone,
          site,
          commentOf(operationId, `created for ${site}`),
          TYPES.map((Type) => ({ Action: 'CREATE', ResourceRecordSet: alias(site, Type, target(found)) })),
        );
      } catch (thrown) {
        throw await whenRefused(context, thrown, zone, site);
      }
    },
    alreadyDone: async ({ distribution: found }) => {
      const ours = await pointingAt(context, zone, site, target(found));
      // The reply with the change's id is lost; the records are there.
      return ours.length === TYPES.length
        ? { result: { Id: undefined, Status: 'PENDING', SubmittedAt: undefined } }
        : undefined;
    },
    undo: async ({ needs }, { operationId }) => {
      const ours = await unlessNoZone(pointingAt(context, zone, site, target(needs.distribution)));
      await unlessNoZone(removeAll(context, zone, site, ours ?? [], operationId));
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
    touches: records.map((record) => ({
      action: 'delete',
      resource: `DNS record ${String(record.Type)} ${String(record.Name)}`,
      document: record,
    })),
    undone: `Put the DNS records of ${site} back`,
    run: async (_, { memory, operationId }) => {
      const left = memory.get('changed') === true ? await stillThere(context, zone, site, records) : records;
      return removeAll(context, zone, site, left, operationId, () => memory.set('changed', true));
    },
    alreadyDone: async () => {
      const left = await recordsOf(context, zone, site);
      return records.some((record) => left.some((one) => isSamePlace(one, record))) ? undefined : { result: undefined };
    },
    undo: async (_, { operationId }) => {
      await apply(
        context,
        zone,
        site,
        commentOf(operationId, `put back for ${site}`),
        records.map((record) => ({ Action: 'UPSERT', ResourceRecordSet: structuredClone(record) })),
      );
    },
  };
}

const alias = (Name: string, Type: (typeof TYPES)[number], DNSName: string): ResourceRecordSet => ({
  Name,
  Type,
  AliasTarget: { DNSName, HostedZoneId: CLOUDFRONT_ZONE, EvaluateTargetHealth: false },
});

/** Characters of a comment that Route 53 takes. https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeBatch.html */
const COMMENT_LENGTH = 256;

/** Says whose change it is in the words that user agents have, so that one search of CloudTrail finds both. */
const commentOf = (operationId: string, what: string): string =>
  `mallard op/${operationId} ${what}`.slice(0, COMMENT_LENGTH);

async function apply(
  context: Context,
  zone: string,
  site: string,
  comment: string,
  changes: Change[],
): Promise<ChangeInfo> {
  const { ChangeInfo: info } = await inZone(domainOf(site), () =>
    context.session.route53(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: zone,
        ChangeBatch: { Comment: comment, Changes: changes },
      }),
    ),
  );
  return info ?? { Id: undefined, Status: 'PENDING', SubmittedAt: undefined };
}

/**
 * Deletes records. A batch with one that is gone, or another's by now, is refused whole: then `onChange` is told, and the next
 * attempt looks first.
 * @throws {contended} then
 */
async function removeAll(
  context: Context,
  zone: string,
  site: string,
  records: readonly ResourceRecordSet[],
  operationId: string,
  onChange: () => void = () => undefined,
): Promise<ChangeInfo | undefined> {
  if (records.length === 0) return undefined;
  try {
    return await apply(
      context,
      zone,
      site,
      commentOf(operationId, `deleted for ${site}`),
      records.map((record) => ({ Action: 'DELETE', ResourceRecordSet: structuredClone(record) })),
    );
  } catch (thrown) {
    const { origin } = toDomainError(thrown);
    if (origin?.code !== 'InvalidChangeBatch') throw thrown;
    const guarded = whenProtected(thrown, site);
    if (guarded !== undefined) throw guarded;
    const left = await stillThere(context, zone, site, records);
    if (left.length === records.length) throw thrown;
    if (left.length === 0) return undefined;
    onChange();
    return fail({ kind: 'contended', detail: `somebody is changing the DNS records of ${site}`, origin });
  }
}

/** Those of `records` that are still there and lead where they led. */
async function stillThere(
  context: Context,
  zone: string,
  site: string,
  records: readonly ResourceRecordSet[],
): Promise<readonly ResourceRecordSet[]> {
  const all = await recordsOf(context, zone, site);
  return records.filter((record) => all.some((one) => isSamePlace(one, record) && targetOf(one) === targetOf(record)));
}

/** The site's records that are aliases of `target`. */
async function pointingAt(
  context: Context,
  zone: string,
  site: string,
  target: string,
): Promise<readonly ResourceRecordSet[]> {
  const records = await recordsOf(context, zone, site);
  return records.filter((record) => targetOf(record) === target.toLowerCase());
}

/**
 * Tells what an InvalidChangeBatch means, which is Route 53's answer to a record that exists, to one in another domain's
 * zone, and to what a guardrail or protection of the zone forbids.
 */
async function whenRefused(context: Context, thrown: unknown, zone: string, site: string): Promise<unknown> {
  const error = toDomainError(thrown);
  const { origin } = error;
  if (origin?.code !== 'InvalidChangeBatch') return thrown;
  if (error.detail.includes('is not permitted in zone')) return wrongZone(domainOf(site), error);
  const guarded = whenProtected(thrown, site);
  if (guarded !== undefined) return guarded;
  const taken = inTheWay(await recordsOf(context, zone, site)).length > 0;
  if (taken) return new DomainFailure({ kind: 'exists', detail: `a DNS record ${site} exists already`, origin });
  return new DomainFailure({ kind: 'conflict', detail: error.detail, origin });
}
