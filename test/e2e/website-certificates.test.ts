import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { DOMAIN, NOTHING_OF_A_SITE, type SiteWorld, type SiteWorldOptions, startSiteWorld } from '../support/e2e/site';
import { accounts } from '../support/e2e/target';

/** Which certificate a website gets, and what is said where there is none for it. */

async function inWorld(options: SiteWorldOptions, run: (world: SiteWorld) => Promise<void>): Promise<void> {
  const world = await startSiteWorld(options);
  try {
    await run(world);
  } finally {
    await world.stop();
  }
}

type Seeds = NonNullable<NonNullable<SiteWorldOptions['sandbox']>['certificates']>;

const accountId = accounts.demo.id;
const arnOf = (digit: string): string =>
  `arn:aws:acm:us-east-1:${accountId}:certificate/${digit.repeat(8)}-2222-3333-4444-555555555555`;
const DAY_MS = 86_400_000;

describe('the certificate, found through ACM', () => {
  const refused: readonly (readonly [string, Seeds, RegExp])[] = [
    ['none', [], /no certificate in us-east-1 covers/],
    ['one of another domain', [{ accountId, domainName: '*.example.com' }], /no certificate in us-east-1 covers/],
    ['the domain’s own without a wildcard', [{ accountId, domainName: DOMAIN }], /no certificate in us-east-1 covers/],
    [
      'a wildcard one label further down',
      [{ accountId, domainName: `*.sub.${DOMAIN}` }],
      /no certificate in us-east-1 covers/,
    ],
    ['a wildcard one label further up', [{ accountId, domainName: '*.org' }], /no certificate in us-east-1 covers/],
    [
      'one in another region',
      [{ accountId, domainName: `*.${DOMAIN}`, arn: arnOf('1').replace('us-east-1', 'eu-west-1') }],
      /no certificate in us-east-1 covers/,
    ],
    [
      'an expired one',
      [{ accountId, domainName: `*.${DOMAIN}`, createdAt: Date.now() - 400 * DAY_MS, notAfter: Date.now() - DAY_MS }],
      /is expired/,
    ],
    [
      'one that is not issued',
      [{ accountId, domainName: `*.${DOMAIN}`, status: 'PENDING_VALIDATION' }],
      /is not issued \(its status is PENDING_VALIDATION\)/,
    ],
    [
      'one that ends within the day',
      [{ accountId, domainName: `*.${DOMAIN}`, notAfter: Date.now() + DAY_MS / 2 }],
      /in us-east-1 expires within a day/,
    ],
    [
      'one with a key that CloudFront does not take',
      [{ accountId, domainName: `*.${DOMAIN}`, keyAlgorithm: 'EC_secp384r1' }],
      /has a key that CloudFront does not take \(EC_secp384r1/,
    ],
    [
      'one of a private authority',
      [{ accountId, domainName: `*.${DOMAIN}`, type: 'PRIVATE' }],
      /is of a private authority/,
    ],
    [
      'one below an N2 root, which ACM does not list unless it is asked to',
      [{ accountId, domainName: `*.${DOMAIN}`, rootHierarchyType: 'N2_AMAZON_MANAGED' }],
      /no certificate in us-east-1 covers/,
    ],
  ];
  for (const [what, certificates, reason] of refused) {
    skippable(
      `${what}: 400 that says why, before any effect`,
      () =>
        inWorld({ sandbox: { certificates } }, async (world) => {
          const site = world.site('docs');
          const { status, body } = await world.create(site);
          expect({ status, type: body['type'] }).toEqual({ status: 400, type: 'urn:mallard:problem:invalid' });
          expect(body['detail']).toMatch(reason);
          expect(await world.siteSnapshot(site)).toEqual(NOTHING_OF_A_SITE);
        }),
      { more: SANDBOX_ONLY.certificates },
    );
  }

  const madeWith = async (certificates: Seeds): Promise<unknown> => {
    let arn: unknown;
    await inWorld({ sandbox: { certificates } }, async (world) => {
      const site = world.site('docs');
      expect((await world.create(site)).status).toBe(202);
      const [made] = await world.distributionsOf(site);
      arn = made?.DistributionConfig?.ViewerCertificate?.ACMCertificateArn;
    });
    return arn;
  };
  // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html
  const beside: readonly (readonly [string, Seeds[number]])[] = [
    ['with a P-384 key', { accountId, arn: arnOf('5'), domainName: `*.${DOMAIN}`, keyAlgorithm: 'EC_secp384r1' }],
    ['of a private authority', { accountId, arn: arnOf('5'), domainName: `*.${DOMAIN}`, type: 'PRIVATE' }],
    [
      'that was imported and signed by itself, which only CloudFront can tell,',
      { accountId, arn: arnOf('5'), domainName: `*.${DOMAIN}`, type: 'IMPORTED', isTrusted: false },
    ],
  ];
  for (const [what, bad] of beside) {
    skippable(
      `one ${what} beside a good one, newer and longer alive: the good one is taken`,
      async () => {
        const good = { accountId, arn: arnOf('4'), domainName: `*.${DOMAIN}`, createdAt: Date.now() - 20 * DAY_MS };
        expect(await madeWith([good, { ...bad, notAfter: Date.now() + 999 * DAY_MS }])).toBe(arnOf('4'));
      },
      { more: SANDBOX_ONLY.certificates },
    );
  }

  skippable(
    'one whose hundred first names do not cover the site, but a later one does: it is taken',
    async () => {
      const subjectAlternativeNames = [...Array.from({ length: 120 }, (_, n) => `n${n}.example.com`), `*.${DOMAIN}`];
      expect(await madeWith([{ accountId, arn: arnOf('6'), domainName: 'example.com', subjectAlternativeNames }])).toBe(
        arnOf('6'),
      );
    },
    { more: SANDBOX_ONLY.certificates },
  );

  skippable(
    'none that CloudFront trusts: 500 that names the domain and the region, and no setting that is not there',
    () => {
      const certificates: Seeds = [
        { accountId, arn: arnOf('7'), domainName: `*.${DOMAIN}`, type: 'IMPORTED', isTrusted: false },
      ];
      return inWorld({ sandbox: { certificates } }, async (world) => {
        const site = world.site('docs');
        const { status, body } = await world.create(site);
        expect(status).toBe(500);
        expect(body['detail']).toMatch(new RegExp(`ACM in us-east-1 has for ${DOMAIN} \\(${arnOf('7')}\\)`));
        expect(await world.siteSnapshot(site)).toEqual(NOTHING_OF_A_SITE);
      });
    },
    { more: SANDBOX_ONLY.certificates },
  );

  skippable(
    'the longest-lived of several that would do is taken, exact names and wildcards alike',
    () => {
      const certificates: Seeds = [
        { accountId, arn: arnOf('1'), domainName: `*.${DOMAIN}`, createdAt: Date.now() - 20 * DAY_MS },
        {
          accountId,
          arn: arnOf('2'),
          domainName: 'example.com',
          subjectAlternativeNames: [`*.${DOMAIN}`],
          createdAt: Date.now() - 10 * DAY_MS,
          keyAlgorithm: 'EC_prime256v1',
        },
        { accountId, arn: arnOf('3'), domainName: `*.${DOMAIN}`, status: 'PENDING_VALIDATION' },
      ];
      return inWorld({ sandbox: { certificates } }, async (world) => {
        const site = world.site('docs');
        expect((await world.create(site)).status).toBe(202);
        const [made] = await world.distributionsOf(site);
        expect(made?.DistributionConfig?.ViewerCertificate?.ACMCertificateArn).toBe(arnOf('2'));
      });
    },
    { more: SANDBOX_ONLY.certificates },
  );
});

describe('the certificate of the configuration', () => {
  skippable(
    'is taken, though a newer one would do',
    () => {
      const certificates: Seeds = [
        { accountId, arn: arnOf('1'), domainName: `*.${DOMAIN}`, createdAt: Date.now() - 20 * DAY_MS },
        { accountId, arn: arnOf('2'), domainName: `*.${DOMAIN}` },
      ];
      return inWorld({ sandbox: { certificates }, domain: { certArn: arnOf('1') } }, async (world) => {
        const site = world.site('docs');
        expect((await world.create(site)).status).toBe(202);
        const [made] = await world.distributionsOf(site);
        expect(made?.DistributionConfig?.ViewerCertificate?.ACMCertificateArn).toBe(arnOf('1'));
      });
    },
    { more: SANDBOX_ONLY.certificates },
  );

  skippable(
    'that does not exist is the operator’s mistake: 500 naming the setting',
    () =>
      inWorld({ domain: { certArn: arnOf('9') } }, async (world) => {
        const site = world.site('docs');
        const { status, body } = await world.create(site);
        expect(status).toBe(500);
        expect(body['detail']).toContain('certArn');
        expect(await world.siteSnapshot(site)).toEqual(NOTHING_OF_A_SITE);
      }),
    { more: SANDBOX_ONLY.certificates },
  );

  skippable(
    'that is not issued is the operator’s mistake: 500 with its status, naming the setting',
    () =>
      inWorld(
        {
          sandbox: { certificates: [{ accountId, arn: arnOf('1'), domainName: `*.${DOMAIN}`, status: 'FAILED' }] },
          domain: { certArn: arnOf('1') },
        },
        async (world) => {
          const { status, body } = await world.create(world.site('docs'));
          expect(status).toBe(500);
          expect(body['detail']).toMatch(/certArn\) is not issued \(its status is FAILED\)/);
        },
      ),
    { more: SANDBOX_ONLY.certificates },
  );
});
