import { rootObjectOf } from '../../../../src/domain/website/rules/root-object';
import type { WebsiteConfigurationInput } from '../../../../src/domain/website/rules/shapes';

const Redirect = { HostName: 'www.example.com' };
const ruled = (Condition?: object) => ({ RoutingRules: [{ Redirect, ...(Condition && { Condition }) }] });

test.each<readonly [string, WebsiteConfigurationInput, string, string]>([
  ['nothing else', {}, 'index.html', 'index.html'],
  ['an error document', { ErrorDocument: { Key: 'lost.html' } }, 'index.html', 'index.html'],
  ['a redirect of everything', { RedirectAllRequestsTo: Redirect }, 'index.html', ''],
  ['a rule for every name', ruled(), 'index.html', ''],
  ['a rule for an empty prefix', ruled({ KeyPrefixEquals: '' }), 'index.html', ''],
  ['a rule for a prefix of the index document', ruled({ KeyPrefixEquals: 'ind' }), 'index.html', ''],
  ['a rule for other names', ruled({ KeyPrefixEquals: 'docs/' }), 'index.html', 'index.html'],
  ['a rule for errors', ruled({ HttpErrorCodeReturnedEquals: '404' }), 'index.html', 'index.html'],
  // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesGeneral.html
  ['all that CloudFront takes in the name', {}, `a-Z_0.*$~"'&`, `a-Z_0.*$~"'&`],
  ['a name with a space', {}, 'start page.html', ''],
  ['a name beyond ASCII', {}, 'überblick.html', ''],
  ['a name of 255 characters', {}, 'x'.repeat(255), 'x'.repeat(255)],
  ['a name of 256 characters', {}, 'x'.repeat(256), ''],
])('the root object beside %s', (_, configuration, index, expected) => {
  expect(rootObjectOf(configuration, index)).toBe(expected);
});
