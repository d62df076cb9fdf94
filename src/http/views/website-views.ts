import type {
  CleanerReport,
  InvalidationMade,
  WebsiteCreated,
  WebsiteDeleted,
  WebsiteDetails,
} from '../../domain/website/rules/shapes';
import { DISTRIBUTION, DNS_CHANGE, INVALIDATION, RECORD_SET, documentView } from './aws-document';
import { bucketCreatedView, bucketDetailsView, groupView, policyView, sparedView } from './views';

/** Websites and the cleaner as the contract shows them; the rules are those of `views.ts`. */

export function websiteCreatedView(created: WebsiteCreated) {
  return {
    ...bucketCreatedView(created),
    Policies: created.Policies.map(policyView),
    Groups: created.Groups.map(groupView),
    Distribution: documentView(created.Distribution, DISTRIBUTION),
    DnsChange: documentView(created.DnsChange, DNS_CHANGE),
  };
}

export function websiteDetailsView(details: WebsiteDetails) {
  return {
    ...bucketDetailsView(details),
    DNSRecord: documentView(details.DNSRecord, RECORD_SET),
    Distribution: documentView(details.Distribution, DISTRIBUTION),
  };
}

export function websiteDeletedView({
  Website,
  Users,
  Policies,
  Groups,
  kept = [],
  left = [],
  ...documents
}: WebsiteDeleted) {
  return {
    Website,
    Users,
    Policies,
    Groups,
    DNSRecord: documentView(documents.DNSRecord, RECORD_SET),
    Distribution: documentView(documents.Distribution, DISTRIBUTION),
    DnsChange: documentView(documents.DnsChange, DNS_CHANGE),
    ...sparedView({ kept, left }),
  };
}

export function invalidationMadeView({ Invalidation, Location }: InvalidationMade) {
  return { Invalidation: documentView(Invalidation, INVALIDATION), Location };
}

export function cleanerReportView({ distributions, orphans, nextRun, kept = [], left = [] }: CleanerReport) {
  return {
    distributions: distributions.map(({ id, site, state, reason }) => ({ id, site, state, reason })),
    orphans: orphans.map(({ type, name, bucket, ageSeconds, target }) => ({
      type,
      name,
      bucket,
      ageSeconds: ageSeconds ?? null,
      ...(target !== undefined && { target }),
    })),
    nextRun: nextRun ?? null,
    ...sparedView({ kept, left }),
  };
}
