import { createHash } from 'node:crypto';
import { readConfig } from '../../src/config/load';
import { formatProblem } from '../../src/config/problems';
import type { ConfigProblem } from '../../src/config/problems';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const minimal = { org: 'acme', token: 'psk', accounts: { demo: { region: 'us-east-1' } } };
const account = (settings: object): object => ({ ...minimal, accounts: { demo: { region: 'us-east-1', ...settings } } });

function problemsOf(file: unknown, env: Record<string, string> = {}): readonly ConfigProblem[] {
  const result = readConfig({ text: JSON.stringify(file), env });
  return result.ok ? [] : result.problems;
}

/** title, file, pointer, what `found` says, what `allowed` says */
const refusals: readonly (readonly [string, unknown, string, RegExp, RegExp])[] = [
  ['no object', [], '', /an empty array/, /object/],
  ['no org', { ...minimal, org: undefined }, '/org', /nothing/, /spinup:org/],
  ['an org that no tag may hold', { ...minimal, org: 'a|b' }, '/org', /"a\|b"/, /letters, digits/],
  ['token and tokens', { ...minimal, tokens: [{ id: 'a', sha256: sha256('a') }] }, '', /"token" and "tokens" together/, /exactly one/],
  ['neither token nor tokens', { ...minimal, token: undefined }, '', /neither "token" nor "tokens"/, /exactly one/],
  ['no accounts at all', { org: 'a', token: 'b' }, '', /neither "accounts" nor "account" with "accountsMap"/, /at least one/],
  ['an empty accounts', { ...minimal, accounts: {} }, '/accounts', /empty object/, /not empty/],
  ['account without accountsMap', { ...minimal, account: { region: 'us-east-1', role: 'R' } }, '/accountsMap', /nothing/, /ids by name/],
  ['account without role', { org: 'a', token: 'b', account: { region: 'us-east-1' }, accountsMap: { a: '111111111111' } }, '/account/role', /nothing/, /role to assume/],
  ['account with an id', { org: 'a', token: 'b', account: { region: 'us-east-1', role: 'R', id: '111111111111' }, accountsMap: { a: '111111111111' } }, '/account/id', /the key "id"/, /leave it out/],
  ['a name in both forms', { ...minimal, account: { region: 'us-east-1', role: 'R' }, accountsMap: { demo: '111111111111' } }, '/accountsMap/demo', /"demo"/, /only once/],
  ['an unknown key', { ...minimal, listenAdress: ':80' }, '/listenAdress', /unknown key "listenAdress"/, /^"listenAddress" is the nearest/],
  ['an unknown key of an account', account({ externalID: 'x' }), '/accounts/demo/externalID', /unknown key/, /^"externalId" is the nearest/],
  ['a key with a slash', { ...minimal, 'a/b~c': 1 }, '/a~1b~0c', /unknown key "a\/b~c"/, /nearest/],
  ['an account id that is a number', account({ id: 123456789012 }), '/accounts/demo/id', /the number 123456789012/, /12 digits/],
  ['an account name that fits no URL', { ...minimal, accounts: { 'a b': { region: 'us-east-1' } } }, '/accounts/a b', /the name "a b"/, /letters, digits/],
  ['no region', { ...minimal, accounts: { demo: {} } }, '/accounts/demo/region', /nothing/, /us-east-1/],
  ['a port out of range', { ...minimal, listenAddress: ':70000' }, '/listenAddress', /":70000"/, /65535/],
  ['no port', { ...minimal, listenAddress: 'localhost' }, '/listenAddress', /"localhost"/, /HOST:PORT/],
  ['an unknown level', { ...minimal, logLevel: 'loud' }, '/logLevel', /"loud"/, /"debug"/],
  ['a wrong digest', { ...minimal, token: undefined, tokens: [{ id: 'a', sha256: 'ABC' }] }, '/tokens/0/sha256', /not shown/, /64 lower-case hex/],
  ['two tokens of one id', { ...minimal, token: undefined, tokens: [{ id: 'a', sha256: sha256('a') }, { id: 'a', sha256: sha256('b') }] }, '/tokens/1/id', /the id "a"/, /its own/],
  ['one token twice', { ...minimal, token: undefined, tokens: [{ id: 'a', sha256: sha256('a') }, { id: 'b', sha256: sha256('a') }] }, '/tokens/1/sha256', /earlier token/, /another token/],
  ['a day that does not exist', { ...minimal, token: undefined, tokens: [{ id: 'a', sha256: sha256('a'), expires: '2027-02-30' }] }, '/tokens/0/expires', /2027-02-30/, /exist/],
  ['an hour that does not exist', { ...minimal, token: undefined, tokens: [{ id: 'a', sha256: sha256('a'), expires: '2027-02-01T25:00:00Z' }] }, '/tokens/0/expires', /25:00/, /exist/],
  ['a time without offset', { ...minimal, token: undefined, tokens: [{ id: 'a', sha256: sha256('a'), expires: '2027-02-01T10:00:00' }] }, '/tokens/0/expires', /2027-02-01T10/, /offset/],
  ['a token for an unknown account', { ...minimal, token: undefined, tokens: [{ id: 'a', sha256: sha256('a'), accounts: ['nope'] }] }, '/tokens/0/accounts/0', /"nope"/, /demo/],
  ['a method that is none', { ...minimal, token: undefined, tokens: [{ id: 'a', sha256: sha256('a'), methods: ['BREW'] }] }, '/tokens/0/methods/0', /"BREW"/, /GET, HEAD/],
  ['bcrypt with digests only', { ...minimal, token: undefined, auth: { bcryptTokens: true }, tokens: [{ id: 'a', sha256: sha256('a') }] }, '/auth/bcryptTokens', /digests/, /plain "token"/],
  ['akid without secret', account({ akid: 'A' }), '/accounts/demo/secret', /nothing/, /belongs to akid/],
  ['secret without akid', account({ secret: 'A' }), '/accounts/demo/akid', /nothing/, /belongs to secret/],
  ['a session token alone', account({ sessionToken: 'A' }), '/accounts/demo/sessionToken', /without akid/, /together with/],
  ['a profile beside keys', account({ akid: 'A', secret: 'B', profile: 'p' }), '/accounts/demo/profile', /beside access keys/, /either/],
  ['both spellings', account({ akid: 'A', 'access-key-id': 'B', secret: 'C' }), '/accounts/demo/access-key-id', /both "access-key-id" and "akid"/, /one of the two/],
  ['endpoint and host', account({ endpoint: 'https://a.example', host: 'b' }), '/accounts/demo/host', /beside endpoint/, /one of/],
  ['an endpoint that is no URL', account({ endpoint: 'a.example' }), '/accounts/demo/endpoint', /"a.example"/, /absolute/],
  ['an endpoint of another scheme', account({ endpoint: 'ftp://a.example' }), '/accounts/demo/endpoint', /ftp/, /absolute/],
  ['an endpoint with a query', account({ endpoint: 'https://a.example/?x=1' }), '/accounts/demo/endpoint', /x=1/, /query/],
  ['plain http off loopback', account({ endpoint: 'http://10.0.0.1:9000' }), '/accounts/demo/endpoint', /plain http to "10.0.0.1:9000"/, /allowInsecure/],
  ['a host off loopback without useSsl', account({ host: 'minio.example.org' }), '/accounts/demo/host', /plain http/, /"useSsl": true/],
  ['a host with a scheme', account({ host: 'https://minio.example.org' }), '/accounts/demo/host', /https:/, /without scheme/],
  ['useSsl without host', account({ useSsl: true }), '/accounts/demo/useSsl', /without host/, /together with host/],
  ['use-ssl without host', account({ 'use-ssl': true }), '/accounts/demo/use-ssl', /without host/, /together with host/],
  ['a role by name without id', account({ role: 'R' }), '/accounts/demo/id', /nothing/, /12-digit id/],
  ['a role of another account', account({ role: 'arn:aws:iam::111111111111:role/R', id: '222222222222' }), '/accounts/demo/role', /111111111111/, /in the account itself/],
  ['a role that is a user', account({ role: 'arn:aws:iam::111111111111:user/R' }), '/accounts/demo/role', /user\/R/, /Name or ARN/],
  ['one id for two accounts', { ...minimal, accounts: { a: { region: 'us-east-1', id: '111111111111' }, b: { region: 'us-east-1', id: '111111111111' } } }, '/accounts/b/id', /111111111111.*"a"/, /one account only/],
  ['one id, once in a role', { ...minimal, accounts: { a: { region: 'us-east-1', id: '111111111111' }, b: { region: 'us-east-1', role: 'arn:aws:iam::111111111111:role/R' } } }, '/accounts/b/id', /"a"/, /one account only/],
  ["a name that is another account's id", { ...minimal, accounts: { '111111111111': { region: 'us-east-1' }, b: { region: 'us-east-1', id: '111111111111' } } }, '/accounts/b/id', /"111111111111"/, /one account only/],
  ['a session too short', account({ sessionSeconds: 60 }), '/accounts/demo/sessionSeconds', /the number 60/, /at least 900/],
  ['a session too long', account({ sessionSeconds: 50000 }), '/accounts/demo/sessionSeconds', /50000/, /at most 43200/],
  ['a trusted account by its name', account({ trustedAccounts: ['teaching'] }), '/accounts/demo/trustedAccounts/0', /"teaching"/, /12 digits/],
  ['a trusted account twice', account({ trustedAccounts: ['111111111111', '111111111111'] }), '/accounts/demo/trustedAccounts', /array of 2/, /only once/],
  ['a domain in capitals', account({ domains: { 'Example.org': { hostedZoneID: 'Z1' } } }), '/accounts/demo/domains/Example.org', /"Example.org"/, /lower case/],
  ['a domain without zone', account({ domains: { 'example.org': {} } }), '/accounts/demo/domains/example.org/hostedZoneID', /nothing/, /hosted zone/],
  ['a certificate of another region', account({ domains: { 'example.org': { hostedZoneID: 'Z1', certArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/x' } } }), '/accounts/demo/domains/example.org/certArn', /eu-west-1/, /us-east-1/],
  ['a country that is none', account({ domains: { 'example.org': { hostedZoneID: 'Z1', geoRestriction: ['usa'] } } }), '/accounts/demo/domains/example.org/geoRestriction/0', /"usa"/, /two capital letters/],
  ['an action that is none', account({ defaultS3BucketActions: ['GetObject'] }), '/accounts/demo/defaultS3BucketActions/0', /"GetObject"/, /s3:GetObject/],
  ['an action twice', account({ defaultS3ObjectActions: ['s3:*', 's3:*'] }), '/accounts/demo/defaultS3ObjectActions', /array of 2/, /only once/],
  ['an unknown placeholder', account({ accessLog: { bucket: 'logs-{name}', prefix: '' } }), '/accounts/demo/accessLog/bucket', /\{name\}/, /\{account_id\}/],
  ['a duration without unit', account({ cleaner: { interval: '1200' } }), '/accounts/demo/cleaner/interval', /"1200"/, /1200s/],
  ['an interval of nothing', account({ cleaner: { interval: '0s' } }), '/accounts/demo/cleaner/interval', /"0s"/, /at least one second/],
  ['a file store without path', { ...minimal, operations: { store: 'file' } }, '/operations/path', /nothing/, /folder/],
  ['a path for an s3 store', { ...minimal, operations: { store: 's3', account: 'demo', bucket: 'ops-bucket', path: '/x' } }, '/operations/path', /the key "path"/, /leave it out/],
  ['an s3 store in an unknown account', { ...minimal, operations: { store: 's3', account: 'nope', bucket: 'ops-bucket' } }, '/operations/account', /"nope"/, /demo/],
  ['an unknown store', { ...minimal, operations: { store: 'redis' } }, '/operations/store', /"redis"/, /"memory", "file", "s3"/],
  ['a body limit below a kilobyte', { ...minimal, limits: { bodyBytes: 1 } }, '/limits/bodyBytes', /the number 1/, /at least 1024/],
  ['a wildcard origin', { ...minimal, cors: { origins: ['*'] } }, '/cors/origins/0', /"\*"/, /No wildcard/],
  ['a string for a boolean', { ...minimal, trustProxy: 'yes' }, '/trustProxy', /"yes"/, /\(boolean\)/],
  ['null', { ...minimal, trustProxy: null }, '/trustProxy', /null/, /boolean/],
  ['an unset variable', { ...minimal, token: { env: 'UNSET' } }, '/token', /"UNSET", which is not set/, /set and not empty/],
  ['a variable of white space', { ...minimal, token: { env: 'BLANK' } }, '/token', /"BLANK", which holds nothing but white space/, /not empty/],
  ['an empty token', { ...minimal, token: '' }, '/token', /an empty string/, /more than white space/],
  ['a token of white space', { ...minimal, token: ' \n' }, '/token', /white space alone/, /more than white space/],
  ['an empty token with bcrypt', { ...minimal, token: '', auth: { bcryptTokens: true } }, '/token', /an empty string/, /more than white space/],
  ['an empty digest', { ...minimal, token: undefined, tokens: [{ id: 'a', sha256: '' }] }, '/tokens/0/sha256', /an empty string/, /64 lower-case hex/],
  ['a digest in an empty variable', { ...minimal, token: undefined, tokens: [{ id: 'a', sha256: { env: 'EMPTY' } }] }, '/tokens/0/sha256', /"EMPTY", which is empty/, /not empty/],
  ['a secret access key of white space', account({ akid: 'A', secret: '\t' }), '/accounts/demo/secret', /white space alone/, /more than white space/],
  ['an empty variable', { ...minimal, token: { env: 'EMPTY' } }, '/token', /"EMPTY", which is empty/, /not empty/],
  ['a missing secret file', { ...minimal, token: { file: '/no/such/file' } }, '/token', /cannot be read \(ENOENT\)/, /may read/],
  ['an empty secret file', { ...minimal, token: { file: '/dev/null' } }, '/token', /is empty/, /holds the secret/],
  ['a reference to two things', { ...minimal, token: { env: 'A', file: 'B' } }, '/token', /an object/, /\{"env": "NAME"\}/],
  ['a reference to nothing', { ...minimal, token: {} }, '/token', /an empty object/, /\{"env": "NAME"\}/],
];

describe('refused files name pointer, what was found and what is allowed', () => {
  test.each(refusals)('%s', (_title, file, pointer, found, allowed) => {
    const problems = problemsOf(file, { EMPTY: '', BLANK: ' \n' });
    const problem = problems.find((candidate) => candidate.pointer === pointer);
    expect(problems.map(formatProblem).join('\n')).toContain(pointer === '' ? '(whole file)' : pointer);
    expect(problem?.found).toMatch(found);
    expect(problem?.allowed).toMatch(allowed);
    // One mistake is one problem: nothing is said about what merely follows from it.
    expect(problems.filter((candidate) => candidate.pointer !== '')).toHaveLength(pointer === '' ? 0 : 1);
  });

  test('all problems at once, whatever finds them', () => {
    const pointers = problemsOf({
      listenAddres: ':80',
      token: { env: 'UNSET' },
      accounts: { a: 'text', b: { region: 'us-east-1', role: 'R', akid: 'X' } },
      operations: { store: 's3', account: 'zzz', bucket: 'B!' },
    }).map(({ pointer }) => pointer);
    expect(pointers.sort()).toEqual(['/accounts/a', '/accounts/b/id', '/accounts/b/secret', '/listenAddres', '/operations/account', '/operations/bucket', '/org', '/token']);
  });

  test('a token for an account whose settings are wrong is not refused as well', () => {
    const file = { ...minimal, token: undefined, accounts: { demo: 7 }, tokens: [{ id: 'a', sha256: sha256('a'), accounts: ['demo'] }] };
    expect(problemsOf(file).map(({ pointer }) => pointer)).toEqual(['/accounts/demo']);
  });

  test('an element cut out of an array leaves the places of the others', () => {
    const tokens = [7, { id: 'a', sha256: sha256('a'), accounts: [8, 'nope'] }];
    expect(problemsOf({ ...minimal, token: undefined, tokens }).map(({ pointer }) => pointer)).toEqual(['/tokens/0', '/tokens/1/accounts/0', '/tokens/1/accounts/1']);
  });

  test('a key that stands twice', () => {
    const result = readConfig({ text: '{"org":"a","token":"b","accounts":{"demo":{"region":"us-east-1","region":"eu-west-1"}}}', env: {} });
    expect(result).toEqual({ ok: false, problems: [{ pointer: '/accounts/demo/region', found: 'a key that stands twice in one object', allowed: 'each key once' }] });
  });

  test('text that is no JSON, by line and column', () => {
    const result = readConfig({ text: '{\n  "org": "a"\n  "token": "b"\n}', env: {} });
    expect(!result.ok && result.problems.map(formatProblem)).toEqual(['(whole file): found something else at line 3, column 3; allowed: JSON, there a comma or a closing brace']);
  });

  test.each([['/no/such/config.json', 'ENOENT'], ['config', 'EISDIR']])('the file %s that cannot be read: %s', (path, code) => {
    const result = readConfig({ path, env: {} });
    expect(!result.ok && result.problems[0]?.found).toContain(code);
  });

  test('a reader that fails without a code', () => {
    const result = readConfig({
      path: 'x',
      env: {},
      readFile: () => {
        throw new Error('half a secret');
      },
    });
    expect(!result.ok && result.problems[0]?.found).toBe('the file "x", which cannot be read (unreadable)');
  });
});
