import type { Context } from '../shared/context';
import { answer, definePlan, type StepFactory, type StepHandle } from '../../engine/plan';
import type { Recipe } from '../../engine/recipe';
import type { DomainConfig } from '../../config/types';
import { fail } from '../../base/errors';
import { distributionConfig, type PrivateOrigin } from './distribution/rules/config';
import { claimOnBucket, claimOnSettings, claimsInBucket } from '../shared/names';
import { distributionReadPolicy, publicReadPolicy, rolePolicy } from '../shared/policies';
import type { BucketPresence } from '../shared/aws/bucket';
import type { CertificateMemory } from './certificate/rules/memory';
import { findCertificate } from './certificate/aws/discover';
import { arnOf, type DistributionFound } from './distribution/aws/find';
import { inTheWay, recordsOf } from './dns/aws/records';
import { bucketsAfter } from '../shared/aws/namesakes';
import { findGroup, findPolicy } from '../access/aws/role';
import { groupName, policyArn, policyName, roleOf } from '../shared/role';
import { domainOf } from '../shared/site-names';
import { createDistribution } from './distribution/aws/change';
import { createAlias } from './dns/aws/change';
import { createNameHold } from './aws/name-hold';
import { ensureAccessControl, ensureIndexFunction } from './distribution/aws/private-origin';
import { hostWebsite, noteDistribution, putGreeting, putSitePolicy } from './aws/site';
import { DISTRIBUTION_TAG, NO_DISTRIBUTION_YET, OPERATION_TAG, tagsAtBirth, tagsWith } from '../shared/tags';
import { DEFAULT_INDEX, withDefaults } from './rules/input';
import type { AwsDocument, CreateWebsiteInput, WebsiteCreated } from './rules/shapes';
import { claimsBesideSites, lookAtSitesBefore, refuseBesideSite } from '../bucket/apart-from-sites';
import { placeOfNew } from '../access/only-ours';
import { type BucketParts, bucketParts, newRole } from '../bucket/parts';

type Seen = {
  readonly bucket: BucketPresence;
  /** Other websites whose name it begins with. */
  readonly sites: readonly string[];
  /** Buckets whose names begin with its own. */
  readonly buckets: readonly string[];
  /** Names of policies and groups that are there already. */
  readonly taken: readonly string[];
  /** Types of DNS records that are in the way. */
  readonly records: readonly string[];
  readonly certificateArn: string;
  readonly lookedAt: number;
};

export interface NewWebsite {
  readonly input: CreateWebsiteInput;
  readonly domain: DomainConfig;
  readonly certificates: CertificateMemory;
  /** Nobody has users in the service's own buckets. */
  readonly isOwnStore: (bucket: string) => boolean;
}

/**
 * A finished website: a bucket, its distribution, A and AAAA alias, admin roles and a greeting page. Five calls deep:
 * look → bucket, groups, policy → distribution → DNS, the roles' and visitors' policies → the last attachment.
 */
export function createWebsite(
  context: Context,
  { input, domain, certificates, isOwnStore }: NewWebsite,
): Recipe<Seen, WebsiteCreated> {
  const { session, org, clock } = context;
  const site = input.BucketInput.Bucket;
  const { account } = session;
  const kind = 'create-website';
  const title = `Create website ${site}`;
  const roles = [roleOf(site, 'BktAdm'), roleOf(site, 'WebAdm')] as const;
  const [bucketAdmin, webAdmin] = roles;
  const configuration = withDefaults(input.WebsiteConfiguration);
  const beside = claimsBesideSites(context, site);
  const indexDocument = configuration.IndexDocument?.Suffix ?? DEFAULT_INDEX;

  return {
    kind,
    title,
    claims: [claimOnBucket(account.name, site), claimOnSettings(account.name, site), ...beside.claims],
    yieldsTo: [claimsInBucket(account.name, site), ...beside.yieldsTo],
    recovery: 'forward',
    look: async () => {
      const lookedAt = clock.now();
      const [bucket, sites, buckets, certificateArn, records, ...taken] = await Promise.all([
        placeOfNew(context, site),
        lookAtSitesBefore(context, site),
        bucketsAfter(context, site),
        findCertificate(context, site, domain, certificates),
        recordsOf(context, domain.hostedZoneId, site),
        ...roles.flatMap((role) => [
          findPolicy(context, policyArn(session, role)).then((found) => found && policyName(role)),
          findGroup(context, groupName(role)).then((found) => found && groupName(role)),
        ]),
      ]);
      return {
        bucket,
        sites,
        buckets: buckets.filter((name) => !isOwnStore(name)),
        certificateArn,
        records: inTheWay(records).map(({ Type }) => String(Type)),
        taken: taken.filter((name) => name !== undefined),
        lookedAt,
      };
    },
    plan: (seen, operationId) => {
      if (seen.bucket !== 'absent') fail({ kind: 'exists', detail: `a bucket ${site} exists already` });
      refuseBesideSite(site, seen.sites);
      refuseNamesakes(site, seen.buckets);
      if (seen.taken[0] !== undefined) fail({ kind: 'exists', detail: `${seen.taken.join(' and ')} exists already` });
      if (seen.records[0] !== undefined) {
        fail({
          kind: 'exists',
          detail: `a DNS record ${site} (${seen.records.join(', ')}) exists already and is left alone`,
        });
      }
      const tags = tagsAtBirth(input.Tags ?? [], org, { [OPERATION_TAG]: operationId });
      const isPublic = domain.origin === 'public';
      const common = (after: readonly StepHandle<unknown>[]) => ({ site, domain: domainOf(site), tags, after });
      const parts: BucketParts = {
        tags: tagsWith(tags, DISTRIBUTION_TAG, NO_DISTRIBUTION_YET),
        objectLock: false,
        lookedAt: seen.lookedAt,
        lifecycle: input.Lifecycle,
        publicPolicy: isPublic,
      };

      return definePlan(kind, title, (step) => {
        const name = createNameHold(site);
        const { made, confirmed, blocked } = bucketParts(context, site, parts, (spec) => step(name.keeps(spec)));
        const admins = newRole(context, bucketAdmin, step);
        const base = [made, admins.policy, admins.group];
        const distribution = isPublic
          ? step(
              name.keeps(
                createDistribution(context, { ...common(base), needs: {}, config: (id) => configOf(seen, id) }),
              ),
            )
          : step(
              name.keeps(
                createDistribution(context, {
                  ...common(base),
                  needs: privateOrigin(context, step),
                  config: (id, results) => configOf(seen, id, results),
                }),
              ),
            );
        if (isPublic) {
          step(hostWebsite(context, site, configuration, [made]));
          const make = () => publicReadPolicy(site, session.partition);
          step(putSitePolicy(context, site, { needs: {}, make, isPublic }, [blocked]));
        } else {
          const make = (results: { distribution: DistributionFound }) =>
            distributionReadPolicy(site, session.partition, arnOf(results.distribution));
          step(putSitePolicy(context, site, { needs: { distribution }, make, isPublic }, [blocked]));
        }
        step(putGreeting(context, site, indexDocument, [made]));
        step(noteDistribution(context, site, tags, { distribution }, (results) => results.distribution, [confirmed]));
        const change = step(name.points(createAlias(context, domain.hostedZoneId, site, distribution)));
        const webAdmins = newRole(context, webAdmin, step, {
          needs: { distribution },
          make: (results) =>
            rolePolicy(webAdmin, {
              ...account,
              partition: session.partition,
              distribution: { arn: arnOf(results.distribution), actions: account.distributionActions },
            }),
        });
        const needs = {
          policy: admins.policy,
          group: admins.group,
          webPolicy: webAdmins.policy,
          webGroup: webAdmins.group,
          distribution,
          change,
        };
        return answer(needs, (results): WebsiteCreated => ({
          Bucket: `/${site}`,
          Policy: results.policy,
          Group: results.group.group,
          Policies: [results.policy, results.webPolicy],
          Groups: [results.group.group, results.webGroup.group],
          Distribution: asDocument(results.distribution.distribution),
          DnsChange: asDocument(results.change),
        }));
      });
    },
  };

  function configOf(seen: Seen, callerReference: string, origin?: { control: string; index: string }) {
    return distributionConfig({
      site,
      region: session.region,
      partition: session.partition,
      callerReference,
      certificateArn: seen.certificateArn,
      // Who sends every visitor elsewhere sends `/` as `/`.
      indexDocument: configuration.RedirectAllRequestsTo === undefined ? indexDocument : '',
      geoRestriction: domain.geoRestriction,
      priceClass: domain.priceClass,
      privateOrigin: origin && asPrivateOrigin(origin),
    });
  }
}

/** Ends with `conflict` when a bucket has the names that a folder of the new website would need. */
function refuseNamesakes(site: string, buckets: readonly string[]): void {
  if (buckets.length === 0) return;
  const shown = buckets.slice(0, 5).join(', ');
  fail({
    kind: 'conflict',
    detail: `there ${buckets.length === 1 ? 'is a bucket' : 'are buckets'} ${shown}${buckets.length > 5 ? ' …' : ''}, whose groups have the names that those of folders of a website ${site} would have, e.g. of /${String(buckets[0]).slice(site.length + 1)}/. Choose another name for the website`,
  });
}

const asPrivateOrigin = ({ control, index }: { control: string; index: string }): PrivateOrigin => ({
  originAccessControlId: control,
  functionArn: index,
});

/** What a private origin is reached through; made once per account. */
function privateOrigin(context: Context, step: StepFactory) {
  return { control: step(ensureAccessControl(context)), index: step(ensureIndexFunction(context)) };
}

/** An SDK shape as plain data. */
export const asDocument = (shape: object): AwsDocument => ({ ...shape });
