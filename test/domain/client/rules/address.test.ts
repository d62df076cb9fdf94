import { bucketUrl, s3Address } from '../../../../src/domain/client/rules/address';
import { AWS } from './settings';

describe('where clients reach S3', () => {
  test.each([
    [
      'AWS',
      {},
      's3.us-east-1.amazonaws.com',
      443,
      'https://s3.us-east-1.amazonaws.com',
      'https://photos.s3.us-east-1.amazonaws.com',
    ],
    [
      'another region',
      { region: 'eu-west-1' },
      's3.eu-west-1.amazonaws.com',
      443,
      'https://s3.eu-west-1.amazonaws.com',
      'https://photos.s3.eu-west-1.amazonaws.com',
    ],
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html: the global name answers 400 for regions
    // launched after 20 March 2019; iterate-ch/cyberduck#17301 for eu-south-1.
    [
      'a region launched after 2019',
      { region: 'mx-central-1' },
      's3.mx-central-1.amazonaws.com',
      443,
      'https://s3.mx-central-1.amazonaws.com',
      'https://photos.s3.mx-central-1.amazonaws.com',
    ],
    [
      'China',
      { region: 'cn-north-1', partition: 'aws-cn' },
      's3.cn-north-1.amazonaws.com.cn',
      443,
      'https://s3.cn-north-1.amazonaws.com.cn',
      'https://photos.s3.cn-north-1.amazonaws.com.cn',
    ],
    [
      'GovCloud',
      { region: 'us-gov-west-1', partition: 'aws-us-gov' },
      's3.us-gov-west-1.amazonaws.com',
      443,
      'https://s3.us-gov-west-1.amazonaws.com',
      'https://photos.s3.us-gov-west-1.amazonaws.com',
    ],
    [
      'the European cloud',
      { region: 'eusc-de-east-1', partition: 'aws-eusc' },
      's3.eusc-de-east-1.amazonaws.eu',
      443,
      'https://s3.eusc-de-east-1.amazonaws.eu',
      'https://photos.s3.eusc-de-east-1.amazonaws.eu',
    ],
    [
      'a store on an IP address',
      { endpoint: 'http://127.0.0.1:9000' },
      '127.0.0.1',
      9000,
      'http://127.0.0.1:9000',
      'http://127.0.0.1:9000/photos',
    ],
    [
      'a store on IPv6',
      { endpoint: 'http://[::1]:9000' },
      '::1',
      9000,
      'http://[::1]:9000',
      'http://[::1]:9000/photos',
    ],
    [
      'a store on a single-label host',
      { endpoint: 'http://minio' },
      'minio',
      80,
      'http://minio',
      'http://minio/photos',
    ],
    [
      'a store below localhost',
      { endpoint: 'http://s3.localhost:9000' },
      's3.localhost',
      9000,
      'http://s3.localhost:9000',
      'http://s3.localhost:9000/photos',
    ],
    [
      'a store on a domain',
      { endpoint: 'https://s3.example.com' },
      's3.example.com',
      443,
      'https://s3.example.com',
      'https://photos.s3.example.com',
    ],
    [
      'a domain with path style',
      { endpoint: 'https://s3.example.com', pathStyle: true },
      's3.example.com',
      443,
      'https://s3.example.com',
      'https://s3.example.com/photos',
    ],
    [
      'an IP address without path style',
      { endpoint: 'http://127.0.0.1:9000', pathStyle: false },
      '127.0.0.1',
      9000,
      'http://127.0.0.1:9000',
      'http://photos.127.0.0.1:9000',
    ],
    [
      'a store under a path',
      { endpoint: 'https://gw.example.com/s3/', pathStyle: true },
      'gw.example.com',
      443,
      'https://gw.example.com/s3',
      'https://gw.example.com/s3/photos',
    ],
  ])('%s', (_, changes, hostname, port, endpoint, url) => {
    const address = s3Address({ ...AWS, ...changes });
    expect(address).toMatchObject({ hostname, port, endpoint });
    expect(bucketUrl(address, 'photos')).toBe(url);
  });

  test('a dotted bucket keeps out of the wildcard certificate’s way', () => {
    expect(bucketUrl(s3Address(AWS), 'docs.example.org')).toBe('https://s3.us-east-1.amazonaws.com/docs.example.org');
  });
});
