/** Websites in the sandbox's state: what sweeps compare, and what must never be true of it. */

interface Counted<K extends string> {
  readonly Items?: Readonly<Partial<Record<K, readonly string[]>>>;
}

interface DistributionTaken {
  readonly id: string;
  readonly domainName: string;
  readonly config: Readonly<Record<string, unknown>> & {
    readonly Enabled: boolean;
    readonly Comment: string;
    readonly Aliases?: Counted<'CNAME'>;
  };
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
}

interface RecordTaken {
  readonly Name: string;
  readonly Type: string;
  readonly AliasTarget?: { readonly DNSName: string };
}

/** The part of the sandbox's state that websites are made of. */
export interface TakenSites {
  readonly s3: { readonly buckets: readonly Readonly<Record<string, unknown>>[] };
  readonly cloudfront: {
    readonly distributions: readonly DistributionTaken[];
    readonly functions: readonly { readonly name: string }[];
    readonly accessControls: readonly { readonly config: { readonly Name: string } }[];
  };
  readonly route53: { readonly zones: readonly { readonly records: readonly RecordTaken[] }[] };
}

type Thing = Readonly<Record<string, unknown>>;

const aliasesOf = ({ config }: DistributionTaken): readonly string[] => config.Aliases?.Items?.CNAME ?? [];
const bucketsOf = ({ s3 }: TakenSites): ReadonlySet<string> => new Set(s3.buckets.map(({ name }) => String(name)));

/** Whether the cleaner will take a distribution away: ours, off, without aliases, and retired or without its bucket. */
function isCleaners(distribution: DistributionTaken, buckets: ReadonlySet<string>): boolean {
  const tagged = (key: string): boolean => distribution.tags.some(({ Key }) => Key === key);
  const unused = !distribution.config.Enabled && aliasesOf(distribution).length === 0;
  return unused && tagged('spinup:org') && (tagged('mallard:retired') || !buckets.has(distribution.config.Comment));
}

/** Distributions, except those that are the cleaner's and without their invalidations, which nothing takes back; and the DNS records, as named things. */
export function siteThings(taken: TakenSites): readonly (readonly [string, Thing])[] {
  const buckets = bucketsOf(taken);
  const seen = new Map<string, number>();
  const kept = taken.cloudfront.distributions.filter((one) => !isCleaners(one, buckets));
  return [
    ...kept.map(({ id, domainName, config, tags }): readonly [string, Thing] => {
      const nth = (seen.get(config.Comment) ?? 0) + 1;
      seen.set(config.Comment, nth);
      return [
        `distribution ${nth === 1 ? '' : `(${String(nth)}) `}${config.Comment}`,
        { id, domainName, config, tags },
      ];
    }),
    ...taken.route53.zones.flatMap(({ records }) =>
      records.map((record) => [`record ${record.Type} ${record.Name}`, { ...record }] as const),
    ),
  ];
}

/** Distributions of any kind that are still there. */
export const distributionsIn = (text: string): readonly string[] =>
  // Written by the sandbox of this very process.
  (JSON.parse(text) as TakenSites).cloudfront.distributions.map(({ id, config }) => `${id} of ${config.Comment}`);

/**
 * Names that a stranger could claim while DNS points at them: an alias record whose bucket is gone, or whose distribution
 * is off or has lost the alias.
 */
export function takeovers(text: string): readonly string[] {
  const taken = JSON.parse(text) as TakenSites;
  const buckets = bucketsOf(taken);
  return taken.route53.zones.flatMap(({ records }) =>
    records.flatMap(({ Name, Type, AliasTarget }): readonly string[] => {
      const target = AliasTarget?.DNSName.replace(/\.$/, '');
      if (target?.endsWith('.cloudfront.net') !== true) return [];
      const site = Name.replace(/\.$/, '');
      const live = taken.cloudfront.distributions.some(
        (one) => one.domainName === target && one.config.Enabled && aliasesOf(one).includes(site),
      );
      return [
        ...(buckets.has(site) ? [] : [`${Type} ${Name} points at a name whose bucket is free`]),
        ...(live ? [] : [`${Type} ${Name} points at a name whose alias is free`]),
      ];
    }),
  );
}

/** How many distributions and invalidations of any kind there are: what nothing takes back must not be there twice. */
export function countsIn(text: string): string {
  const { cloudfront } = JSON.parse(text) as {
    readonly cloudfront: { readonly distributions: readonly { readonly invalidations?: readonly unknown[] }[] };
  };
  const { distributions } = cloudfront;
  const invalidations = distributions.reduce((sum, { invalidations: some = [] }) => sum + some.length, 0);
  return `${String(distributions.length)} distributions, ${String(invalidations)} invalidations`;
}
