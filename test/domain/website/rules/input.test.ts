import { checkCreateWebsite, checkPrivateOrigin, withDefaults } from '../../../../src/domain/website/rules/input';
import type { WebsiteConfigurationInput } from '../../../../src/domain/website/rules/shapes';
import { HOME } from '../../../support/config';

const site = (more: object = {}) => ({ BucketInput: { Bucket: 'docs.example.org' }, ...more });
const check = (more: object = {}): void => checkCreateWebsite({ ...HOME, org: 'test-org' }, site(more));

test.each([
  ['nothing more', {}],
  [
    'an index and an error document',
    { WebsiteConfiguration: { IndexDocument: { Suffix: 'i.html' }, ErrorDocument: { Key: 'a/e.html' } } },
  ],
  ['a redirection of everything', { WebsiteConfiguration: { RedirectAllRequestsTo: { HostName: 'a.example.com' } } }],
])('%s is accepted', (_, more) => {
  expect(() => check(more)).not.toThrow();
});

test.each([
  [
    'an index document with a slash',
    { WebsiteConfiguration: { IndexDocument: { Suffix: 'a/i.html' } } },
    /may have no slash/,
  ],
  ['an empty index document', { WebsiteConfiguration: { IndexDocument: { Suffix: '' } } }, /name of a file/],
  [
    'a redirection beside an error document',
    { WebsiteConfiguration: { RedirectAllRequestsTo: { HostName: 'a' }, ErrorDocument: { Key: 'e' } } },
    /stands alone/,
  ],
  [
    'two replacements in one rule',
    { WebsiteConfiguration: { RoutingRules: [{ Redirect: { ReplaceKeyWith: 'a', ReplaceKeyPrefixWith: 'b' } }] } },
    /either/,
  ],
  ['a name that is none', { BucketInput: { Bucket: 'Docs.example.org' } }, /bucket name/],
  ['a reserved tag', { Tags: [{ Key: 'mallard:operation', Value: 'x' }] }, /reserved/],
])('%s is refused', (_, more, reason) => {
  expect(() => check(more)).toThrow(reason);
});

test('the index document is index.html unless it is given, and absent when everything is redirected', () => {
  const name = 'docs.example.org';
  expect(withDefaults(name, undefined)).toEqual({ IndexDocument: { Suffix: 'index.html' } });
  expect(withDefaults(name, { IndexDocument: { Suffix: 'i' } })).toEqual({ IndexDocument: { Suffix: 'i' } });
  expect(withDefaults(name, { RedirectAllRequestsTo: { HostName: 'a' } })).toEqual({
    RedirectAllRequestsTo: { HostName: 'a', Protocol: 'https' },
  });
});

test('a redirect without host goes to the site itself, and by HTTPS, unless it says otherwise', () => {
  const rules = (...redirects: object[]): WebsiteConfigurationInput => ({
    IndexDocument: { Suffix: 'i' },
    RoutingRules: redirects.map((Redirect) => ({ Redirect })),
  });
  expect(
    withDefaults(
      'docs.example.org',
      rules({ ReplaceKeyWith: '' }, { HostName: 'a.example.com' }, { Protocol: 'http', HttpRedirectCode: '302' }),
    ),
  ).toEqual(
    rules(
      { ReplaceKeyWith: '', HostName: 'docs.example.org', Protocol: 'https' },
      { HostName: 'a.example.com', Protocol: 'https' },
      { HostName: 'docs.example.org', Protocol: 'http', HttpRedirectCode: '302' },
    ),
  );
});

describe('a private origin', () => {
  test.each<[WebsiteConfigurationInput | undefined]>([
    [undefined],
    [{}],
    [{ IndexDocument: { Suffix: 'index.html' } }],
  ])('takes %j', (configuration) => {
    expect(() => checkPrivateOrigin(configuration)).not.toThrow();
  });
  test.each<[WebsiteConfigurationInput]>([
    [{ IndexDocument: { Suffix: 'start.html' } }],
    [{ ErrorDocument: { Key: 'e' } }],
    [{ RoutingRules: [] }],
    [{ RedirectAllRequestsTo: { HostName: 'a' } }],
  ])('refuses %j', (configuration) => {
    expect(() => checkPrivateOrigin(configuration)).toThrow(/private origin/);
  });
});
