import plist from 'plist';
import { bookmark, s3Address } from '../../src/provisioning/duck';

const aws = { region: 'us-east-1', partition: 'aws', endpoint: undefined, pathStyle: undefined };

describe('where clients reach S3', () => {
  test.each([
    ['AWS', aws, 's3.amazonaws.com', 443, 'https://photos.s3.us-east-1.amazonaws.com'],
    ['China', { ...aws, region: 'cn-north-1', partition: 'aws-cn' }, 's3.cn-north-1.amazonaws.com.cn', 443, 'https://photos.s3.cn-north-1.amazonaws.com.cn'],
    ['GovCloud', { ...aws, region: 'us-gov-west-1', partition: 'aws-us-gov' }, 's3.us-gov-west-1.amazonaws.com', 443, 'https://photos.s3.us-gov-west-1.amazonaws.com'],
    ['a store on an IP address', { ...aws, endpoint: 'http://127.0.0.1:9000' }, '127.0.0.1', 9000, 'http://127.0.0.1:9000/photos'],
    ['a store on IPv6', { ...aws, endpoint: 'http://[::1]:9000' }, '::1', 9000, 'http://[::1]:9000/photos'],
    ['a store on a single-label host', { ...aws, endpoint: 'http://minio' }, 'minio', 80, 'http://minio/photos'],
    ['a store on a domain', { ...aws, endpoint: 'https://s3.example.com' }, 's3.example.com', 443, 'https://photos.s3.example.com'],
    ['a domain with path style', { ...aws, endpoint: 'https://s3.example.com', pathStyle: true }, 's3.example.com', 443, 'https://s3.example.com/photos'],
    ['an IP address without path style', { ...aws, endpoint: 'http://127.0.0.1:9000', pathStyle: false }, '127.0.0.1', 9000, 'http://photos.127.0.0.1:9000'],
  ])('%s', (_, input, hostname, port, url) => {
    const address = s3Address(input);
    expect([address.hostname, address.port, address.bucketUrl('photos')]).toEqual([hostname, port, url]);
  });

  test('a dotted bucket keeps out of the wildcard certificate’s way', () => {
    expect(s3Address(aws).bucketUrl('docs.example.org')).toBe('https://s3.us-east-1.amazonaws.com/docs.example.org');
  });
});

describe('the bookmark', () => {
  const base = { account: 'demo', bucket: 'photos', address: s3Address(aws), path: undefined, accessKeyId: undefined };

  test('holds what Cyberduck reads', () => {
    expect(plist.parse(bookmark(base))).toEqual({
      Protocol: 's3',
      Provider: 'iterate GmbH',
      Nickname: 'photos',
      UUID: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      Hostname: 's3.amazonaws.com',
      Port: '443',
      Path: '/photos',
      'Web URL': 'https://photos.s3.us-east-1.amazonaws.com',
    });
  });

  test('opens a folder and knows the user’s key', () => {
    const parsed = plist.parse(bookmark({ ...base, path: 'docs/<&>', accessKeyId: 'AKIA1' }));
    expect(parsed).toMatchObject({ Path: '/photos/docs/<&>', Nickname: 'photos/docs/<&>', Username: 'AKIA1' });
  });

  test('has one UUID a target', () => {
    const uuid = (changes: Partial<typeof base>) =>
      (plist.parse(bookmark({ ...base, ...changes })) as { UUID: string }).UUID;
    expect(uuid({})).toBe(uuid({}));
    expect(new Set([uuid({}), uuid({ account: 'other' }), uuid({ bucket: 'videos' })]).size).toBe(3);
  });
});
