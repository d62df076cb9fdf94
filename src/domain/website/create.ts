import { accountBlocks, type BlockSwitch } from '../shared/account-block';
import { accountBlock } from '../shared/aws/account-block';
import { answer } from '../../engine/plan';
import { fail } from '../../base/errors';
import { distributionConfig, type PrivateOrigin } from './distribution/rules/config';
import { newestAccessControl } from './distribution/aws/access-control';
import { operation } from '../shared/operation';
import { websitePolicies } from '../shared/session-policies';
import { isOwnStore, requireIam, wholeNew } from '../shared/subject-rules';
import { distributionReadPolicy, publicReadPolicy, rolePolicy } from '../shared/policies';
import type { BucketPresence } from '../shared/aws/bucket';
import { findCertificates } from './certificate/aws/discover';
import { arnOf, type DistributionFound } from './distribution/aws/find';
import { inTheWay, recordsOf } from './dns/aws/records';
import { bucketsAfter } from '../shared/aws/namesakes';
import { findGroup, findPolicy } from '../access/aws/role';
import { groupName, policyArn, policyName, roleOf } from '../shared/role';
import { warned } from '../shared/store-features';
import { domainOf, requireDomain, requireSiteDomain, urlOf } from '../shared/site-names';
import { createDistribution } from './distribution/aws/change';
import { createAlias } from './dns/aws/change';
import { createNameHold } from './aws/name-hold';
import { createPrivateDistribution } from './distribution/aws/private-distribution';
import { hostWebsite, noteDistribution, putGreeting, putSitePolicy } from './aws/site';
import { DISTRIBUTION_TAG, NO_DISTRIBUTION_YET, OPERATION_TAG, tagsAtBirth, tagsWith } from '../shared/tags';
import { checkCreateWebsite, checkPrivateOrigin, DEFAULT_INDEX, withDefaults } from './rules/input';
import { rootObjectOf } from './rules/root-object';
import type { CreateWebsiteInput, WebsiteCreated } from './rules/shapes';
import { lookAtSitesBefore, refuseBesideSite } from '../bucket/apart-from-sites';
import { placeOfNew } from '../access/only-ours';
import { type BucketParts, bucketParts, newRole } from '../bucket/parts';
import { policyScope } from '../bucket/settings/rules/policy';
import { wantedSettings, websiteWarnings } from '../bucket/settings/wanted';

/**
 * Makes a finished website: a bucket, its distribution, A and AAAA alias, admin roles and a greeting page. Five calls
 * deep: look → bucket, groups, policy → distribution → DNS, the roles' and visitors' policies → the last attachment.
 */
export const createWebsite = operation({
  ids: { account: 'createWebsite' },
  kind: 'create-website',
  version: 1,
  subject: wholeNew,
  recovery: 'forward',
  names: ({ BucketInput }: CreateWebsiteInput) => ({ bucket: BucketInput.Bucket }),
  title: ({ bucket }) => `Create website ${bucket}`,
  policies: ({ bucket }, home, org) => websitePolicies(bucket, home, org),
  check: (place, { bucket: site }, input) => {
    checkCreateWebsite({ ...place, org: place.config.org }, input);
    wantedSettings(input, policyScope(place.account, site, place.partition));
    requireIam(place);
    if (requireDomain(place.account.domains, site).origin === 'private') {
      checkPrivateOrigin(input.WebsiteConfiguration);
    }
    if (isOwnStore(place, site)) fail(taken(site));
  },
  look: async (context, { bucket: site }) => {
    const { session } = context;
    const domain = requireSiteDomain(session.account, site);
    const lookedAt = context.clock.now();
    const [bucket, sites, buckets, certificates, records, accessControl, block, ...there] = await Promise.all([
      placeOfNew(context, site),
      lookAtSitesBefore(context, site),
      bucketsAfter(context, site),
      findCertificates(context, site, domain, context.memory.certificates),
      recordsOf(context, domain.hostedZoneId, site),
      domain.origin === 'private' ? newestAccessControl(context) : undefined,
      domain.origin === 'public' ? accountBlock(context) : [],
      ...rolesOf(site).flatMap((role) => [
        findPolicy(context, policyArn(session, role)).then((found) => found && policyName(role)),
        findGroup(context, groupName(role)).then((found) => found && groupName(role)),
      ]),
    ]);
    const [certificateArn, ...otherCertificates] = certificates;
    return {
      bucket,
      // Other websites whose name it begins with.
      sites,
      // Buckets whose names begin with its own; nobody has users in the service's own ones.
      buckets: buckets.filter((name) => !context.isOwnStore(name)),
      certificateArn,
      // Tried in their order when CloudFront refuses the first; journals of former days have none.
      ...(otherCertificates.length > 0 && { otherCertificates }),
      // Of a private origin; journals of the days when there was one for all have none.
      ...(accessControl !== undefined && { accessControl }),
      // Types of DNS records that are in the way.
      records: inTheWay(records).map(({ Type }) => String(Type)),
      // Switches that would keep visitors out; journals of former days have none.
      ...(block.length > 0 && { block }),
      // Names of policies and groups that are there already.
      taken: there.filter((name) => name !== undefined),
      lookedAt,
    };
  },
  plan: (context, { target: { bucket: site }, input, seen, id }, step) => {
    refuseTaken(site, seen);
    const { session, org } = context;
    const { account, partition } = session;
    const domain = requireSiteDomain(account, site);
    if (seen.block !== undefined) refuseBlocked(account.name, site, seen.block);
    const [bucketAdmin, webAdmin] = rolesOf(site);
    const configuration = withDefaults(site, input.WebsiteConfiguration);
    const indexDocument = configuration.IndexDocument?.Suffix ?? DEFAULT_INDEX;
    const tags = tagsAtBirth(input.Tags ?? [], org, { [OPERATION_TAG]: id });
    const isPublic = domain.origin === 'public';
    const parts: BucketParts = {
      tags: tagsWith(tags, DISTRIBUTION_TAG, NO_DISTRIBUTION_YET),
      objectLock: false,
      lookedAt: seen.lookedAt,
      publicPolicy: isPublic,
      settings: wantedSettings(input, policyScope(account, site, partition)),
    };
    const configOf = (callerReference: string, certificateArn: string, privateOrigin?: PrivateOrigin) =>
      distributionConfig({
        site,
        home: session,
        callerReference,
        certificateArn,
        indexDocument: rootObjectOf(configuration, indexDocument),
        forwardsQuery: configuration.RedirectAllRequestsTo !== undefined,
        geoRestriction: domain.geoRestriction,
        priceClass: domain.priceClass,
        minimumTls: domain.minimumTls,
        privateOrigin,
      });

    const name = createNameHold(site);
    const { made, confirmed, blocked } = bucketParts(context, site, parts, (spec) => step(name.keeps(spec)));
    const admins = newRole(context, bucketAdmin, step);
    const after = [made, admins.policy, admins.group];
    const certificates = [seen.certificateArn, ...(seen.otherCertificates ?? [])];
    const common = {
      site,
      domain: domainOf(site),
      isConfigured: domain.certArn !== undefined,
      certificates,
      tags,
      after,
    };
    const distribution = isPublic
      ? step(
          name.keeps(
            createDistribution(context, {
              ...common,
              needs: {},
              config: (ref, certificate) => configOf(ref, certificate),
            }),
          ),
        )
      : createPrivateDistribution(
          context,
          { ...common, config: configOf, keeps: name.keeps },
          seen.accessControl,
          step,
        );
    if (isPublic) {
      step(hostWebsite(context, site, configuration, [made]));
      const make = () => publicReadPolicy(site, session);
      step(putSitePolicy(context, site, { needs: {}, make, isPublic }, [blocked]));
    } else {
      const make = (results: { distribution: DistributionFound }) =>
        distributionReadPolicy(site, session, arnOf(results.distribution));
      step(putSitePolicy(context, site, { needs: { distribution }, make, isPublic }, [blocked]));
    }
    step(putGreeting(context, site, indexDocument, [made]));
    step(noteDistribution(context, site, tags, { distribution }, (results) => results.distribution, [confirmed]));
    const change = step(name.points(createAlias(context, domain.hostedZoneId, site, distribution)));
    const webAdmins = newRole(context, webAdmin, step, {
      needs: { distribution },
      make: (results) =>
        rolePolicy(webAdmin, {
          account,
          partition,
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
      URL: urlOf(site),
      Bucket: `/${site}`,
      Policy: results.policy,
      Group: results.group.group,
      Policies: [results.policy, results.webPolicy],
      Groups: [results.group.group, results.webGroup.group],
      Distribution: { ...results.distribution.distribution },
      DnsChange: { ...results.change },
      ...warned(websiteWarnings(parts.settings, { forwardsOrigin: true })),
    }));
  },
  remember: (context, { bucket: site }, { Distribution }) =>
    context.memory.sites.set(context.session.account.name, site, String(Distribution['Id'])),
});

const rolesOf = (site: string) => [roleOf(site, 'BktAdm'), roleOf(site, 'WebAdm')] as const;

const taken = (site: string) => ({ kind: 'exists', detail: `a bucket ${site} exists already` }) as const;

interface InTheWay {
  readonly bucket: BucketPresence;
  readonly sites: readonly string[];
  readonly buckets: readonly string[];
  readonly taken: readonly string[];
  readonly records: readonly string[];
}

/**
 * Refuses a website for which something is in the way.
 * @throws {exists} when there is a bucket, role or DNS record of its name
 * @throws {conflict} when there is a website or bucket whose names would meet its own
 */
function refuseTaken(site: string, seen: InTheWay): void {
  if (seen.bucket !== 'absent') fail(taken(site));
  refuseBesideSite(site, seen.sites);
  refuseNamesakes(site, seen.buckets);
  if (seen.taken[0] !== undefined) fail({ kind: 'exists', detail: `${seen.taken.join(' and ')} exists already` });
  if (seen.records[0] !== undefined) {
    fail({
      kind: 'exists',
      detail: `a DNS record ${site} (${seen.records.join(', ')}) exists already and is left alone`,
    });
  }
}

/** Refuses a website that nobody could read: the one call that AWS would refuse comes late. */
const refuseBlocked = (account: string, site: string, block: readonly BlockSwitch[]): never =>
  fail({
    kind: 'conflict',
    detail: `${accountBlocks(account, block)}: nobody could read a website with a public origin. Configure accounts.${account}.domains.${domainOf(site)}.origin as "private", which needs no public access, or have the block lifted`,
  });

/**
 * Refuses a website whose folders would need names that a bucket has.
 * @throws {conflict} when there is such a bucket
 */
function refuseNamesakes(site: string, buckets: readonly string[]): void {
  if (buckets.length === 0) return;
  const shown = buckets.slice(0, 5).join(', ');
  fail({
    kind: 'conflict',
    detail: `there ${buckets.length === 1 ? 'is a bucket' : 'are buckets'} ${shown}${buckets.length > 5 ? ' …' : ''}, whose groups have the names that those of folders of a website ${site} would have, e.g. of /${String(buckets[0]).slice(site.length + 1)}/. Choose another name for the website`,
  });
}
