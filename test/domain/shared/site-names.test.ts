import fc from 'fast-check';
import type { DomainConfig } from '../../../src/config/types';
import {
  domainOf,
  requireDomain,
  scopeInName,
  scopeOf,
  sitesInName,
  websiteEndpoint,
} from '../../../src/domain/shared/site-names';

const domain: DomainConfig = {
  certArn: undefined,
  hostedZoneId: 'Z1',
  origin: 'public',
  geoRestriction: [],
  priceClass: undefined,
  minimumTls: undefined,
};

test.each([
  ['docs.example.org', 'example.org'],
  ['a.b.example.org', 'b.example.org'],
])('the domain of %s is %s', (site, expected) => {
  expect(domainOf(site)).toBe(expected);
});

describe('the configured domain', () => {
  const domains = new Map([
    ['example.org', domain],
    ['example.com', domain],
  ]);
  test('is found by what follows the first dot', () => {
    expect(requireDomain(domains, 'docs.example.org')).toBe(domain);
  });
  test.each(['docs.example.net', 'a.b.example.org', 'example.org', 'example', 'docs.EXAMPLE.org'])(
    '%s is in none, and told which there are',
    (site) => {
      expect(() => requireDomain(domains, site)).toThrow(/configured are example\.org, example\.com/);
    },
  );
  test('an account without domains says so', () => {
    expect(() => requireDomain(new Map(), 'docs.example.org')).toThrow(/no domains configured/);
  });
});

describe('the website endpoint (General Reference, S3 website endpoints)', () => {
  test.each([
    ['us-east-1', 'aws', 'a.s3-website-us-east-1.amazonaws.com'],
    ['ap-southeast-2', 'aws', 'a.s3-website-ap-southeast-2.amazonaws.com'],
    ['us-gov-west-1', 'aws-us-gov', 'a.s3-website-us-gov-west-1.amazonaws.com'],
    ['us-east-2', 'aws', 'a.s3-website.us-east-2.amazonaws.com'],
    ['eu-central-1', 'aws', 'a.s3-website.eu-central-1.amazonaws.com'],
    ['cn-north-1', 'aws-cn', 'a.s3-website.cn-north-1.amazonaws.com.cn'],
  ])('%s', (region, partition, expected) => {
    expect(websiteEndpoint('a', region, partition)).toBe(expected);
  });
});

describe('scopes', () => {
  test.each([
    [undefined, undefined],
    ['/', undefined],
    ['/docs/', 'docs'],
    ['/docs/api/', 'docs/api'],
    ['/v1.2/', 'v1.2'],
  ])('%s is %s', (path, scope) => {
    expect(scopeOf(path)).toBe(scope);
  });

  test.each([
    '',
    'docs',
    '/docs',
    'docs/',
    '//',
    '/docs//api/',
    '/./',
    '/../',
    '/docs/../',
    '/a b/',
    '/a*/',
    '/a?/',
    '/${aws:username}/',
    '/a_b/',
    '/é/',
    '/docs/\n',
  ])('%j is no folder', (path) => {
    expect(() => scopeOf(path)).toThrow(/User\.Path/);
  });

  test('no two folders share a name in groups and policies', () => {
    const folder = fc.stringMatching(/^[A-Za-z0-9.-]{1,6}$/).filter((text) => text !== '.' && text !== '..');
    const path = fc.array(folder, { minLength: 1, maxLength: 4 }).map((folders) => `/${folders.join('/')}/`);
    fc.assert(
      fc.property(path, path, (left, right) => {
        const names = [left, right].map((one) => scopeInName(scopeOf(one) ?? ''));
        expect(names[0] === names[1]).toBe(left === right);
      }),
    );
  });
});

test.each([
  ['docs.example.org-api', ['docs.example.org']],
  ['docs.example.org-api-v2', ['docs.example.org']],
  ['my-docs.example.org', []],
  ['my-docs.example.org-api', ['my-docs.example.org']],
  ['docs.example.net-api', []],
  ['photos-2024', []],
])('the sites that %s may be a folder of are %j', (name, sites) => {
  const domain: DomainConfig = {
    certArn: undefined,
    hostedZoneId: 'Z1',
    origin: 'public',
    geoRestriction: [],
    priceClass: undefined,
    minimumTls: undefined,
  };
  expect(sitesInName(name, new Map([['example.org', domain]]))).toEqual(sites);
});
