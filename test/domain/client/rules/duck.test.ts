import plist from 'plist';
import { s3Address } from '../../../../src/domain/client/rules/address';
import { bookmark } from '../../../../src/domain/client/rules/duck';
import { AWS, refusalOf } from './settings';

const at = (changes: Partial<typeof AWS>) => s3Address({ ...AWS, ...changes });
const base = {
  account: 'demo',
  name: 'photos',
  bucket: 'photos',
  address: at({}),
  path: undefined,
  accessKeyId: undefined,
};

test('a bookmark holds what Cyberduck reads', () => {
  expect(plist.parse(bookmark(base))).toEqual({
    Protocol: 's3',
    Provider: 'iterate GmbH',
    Nickname: 'photos',
    UUID: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
    Hostname: 's3.us-east-1.amazonaws.com',
    Port: '443',
    Path: '/photos',
    'Web URL': 'https://photos.s3.us-east-1.amazonaws.com',
  });
});

test('a bookmark opens a folder and knows the user’s key', () => {
  const parsed = plist.parse(bookmark({ ...base, path: 'docs/<&>', accessKeyId: 'AKIA1' }));
  expect(parsed).toMatchObject({ Path: '/photos/docs/<&>', Nickname: 'photos/docs/<&>', Username: 'AKIA1' });
});

test('a bookmark opens a website where people see it', () => {
  expect(plist.parse(bookmark({ ...base, webUrl: 'https://docs.example.org' }))).toMatchObject({
    'Web URL': 'https://docs.example.org',
  });
});

const PATH_STYLE = { Custom: { 's3.bucket.virtualhost.disable': 'true' } };
test.each([
  [
    'https, path style',
    { endpoint: 'https://s3.example.com:9443', pathStyle: true },
    { Provider: 'iterate GmbH', Hostname: 's3.example.com', Port: '9443', ...PATH_STYLE },
  ],
  [
    'plain http',
    { endpoint: 'http://minio' },
    { Provider: 'iterate GmbH', Hostname: 'minio', Port: '80', ...PATH_STYLE },
  ],
  [
    'IPv6',
    { endpoint: 'http://[::1]:9000' },
    { Provider: 'iterate GmbH', Hostname: '::1', Port: '9000', ...PATH_STYLE },
  ],
])('a bookmark of a store with %s says how to speak to it', (_, changes, expected) => {
  expect(plist.parse(bookmark({ ...base, address: at(changes) }))).toMatchObject(expected);
});

test('a bookmark leaves bucket names in host names where the store has them there', () => {
  expect(plist.parse(bookmark({ ...base, address: at({ endpoint: 'https://s3.example.com' }) }))).not.toHaveProperty(
    'Custom',
  );
  expect(plist.parse(bookmark({ ...base, bucket: 'a.b' }))).not.toHaveProperty('Custom');
});

test('there is no bookmark of a store under a path', () => {
  const make = () => bookmark({ ...base, address: at({ endpoint: 'https://gateway.example.com/s3' }) });
  expect(refusalOf(make)).toMatchObject({ kind: 'unsupported', detail: expect.stringContaining('/s3') });
});

test('a folder that Cyberduck would look for under another name is refused', () => {
  expect(refusalOf(() => bookmark({ ...base, path: 'docs ' }))).toMatchObject({ kind: 'invalid' });
});

test('a bookmark replaces the one with the global host that was served before', () => {
  // Of mallard:demo:s3.amazonaws.com:/photos.
  expect((plist.parse(bookmark(base)) as { UUID: string }).UUID).toBe('d73bb45e-fc19-8c84-825e-6d899a7e1c2d');
});

test('a bookmark has one UUID a target', () => {
  const uuid = (changes: Partial<typeof base>) =>
    (plist.parse(bookmark({ ...base, ...changes })) as { UUID: string }).UUID;
  expect(uuid({})).toBe(uuid({}));
  expect(new Set([uuid({}), uuid({ account: 'other' }), uuid({ bucket: 'videos' })]).size).toBe(3);
});
