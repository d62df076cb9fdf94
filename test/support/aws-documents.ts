/** Documents as the SDKs give them: members AWS has no value for are absent, times are dates. */

const CERTIFICATE = 'arn:aws:acm:us-east-1:12345678910:certificate/111111111-2222-3333-4444-55555555555';

/** The distribution of the contract's example, with two members more that the example leaves out. */
export const DISTRIBUTION = {
  Id: 'ABCDEFGHIJKLMNOP',
  ARN: 'arn:aws:cloudfront::12345678910:distribution/ABCDEFGHIJKL',
  Status: 'InProgress',
  LastModifiedTime: new Date('2019-05-09T10:50:35.790Z'),
  InProgressInvalidationBatches: 0,
  DomainName: '1234567abcdef.cloudfront.net',
  AliasICPRecordals: [{ CNAME: 'foobar.bulldogs.cloud', ICPRecordalStatus: 'APPROVED' }],
  DistributionConfig: {
    CallerReference: '12345678-9012-3456-6789-094d26464c6c',
    Aliases: { Quantity: 1, Items: ['foobar.bulldogs.cloud'] },
    Comment: 'foobar.bulldogs.cloud',
    DefaultRootObject: 'index.html',
    DefaultCacheBehavior: {
      TargetOriginId: 'foobar.bulldogs.cloud',
      TrustedSigners: { Enabled: false, Quantity: 0 },
      ViewerProtocolPolicy: 'redirect-to-https',
      Compress: true,
    },
    Enabled: true,
    HttpVersion: 'http2',
    IsIPV6Enabled: true,
    Logging: { Bucket: '', Enabled: false, IncludeCookies: false, Prefix: '' },
    Origins: {
      Quantity: 1,
      Items: [
        {
          Id: 'foobar.bulldogs.cloud',
          DomainName: 'foobar.bulldogs.cloud.s3-website-us-east-1.amazonaws.com',
          OriginPath: '',
          CustomOriginConfig: {
            HTTPPort: 80,
            HTTPSPort: 443,
            OriginKeepaliveTimeout: 5,
            OriginProtocolPolicy: 'http-only',
            OriginReadTimeout: 30,
            OriginSslProtocols: { Quantity: 3, Items: ['TLSv1', 'TLSv1.1', 'TLSv1.2'] },
          },
        },
      ],
    },
    PriceClass: 'PriceClass_100',
    Restrictions: { GeoRestriction: { Quantity: 1, Items: ['US'], RestrictionType: 'whitelist' } },
    ViewerCertificate: {
      ACMCertificateArn: CERTIFICATE,
      Certificate: CERTIFICATE,
      CertificateSource: 'acm',
      MinimumProtocolVersion: 'TLSv1.1_2016',
      SSLSupportMethod: 'sni-only',
    },
  },
};

export const RECORD_SETS = {
  alias: {
    Name: 'foobar.bulldogs.cloud.',
    Type: 'A',
    AliasTarget: {
      DNSName: 'abcdefgh12345.cloudfront.net.',
      EvaluateTargetHealth: false,
      HostedZoneId: 'ABCDEFGHIJ12345',
    },
  },
  plain: {
    Name: 'other.bulldogs.cloud.',
    Type: 'CNAME',
    TTL: 300,
    ResourceRecords: [{ Value: 'elsewhere.example.org' }],
  },
};

export const DNS_CHANGE = {
  Id: '/change/C176E51B123456',
  Status: 'PENDING',
  SubmittedAt: new Date('2019-05-09T10:50:37.194Z'),
  Comment: 'Created by s3-api',
};

export const INVALIDATION = {
  Id: 'GGHHIIJJKKLLOO',
  Status: 'Completed',
  CreateTime: new Date('2019-05-20T19:51:54.715Z'),
  InvalidationBatch: {
    CallerReference: '2b0fd0c2-e683-44a0-8d4d-3922e965d4a4',
    Paths: { Quantity: 1, Items: ['/*'] },
  },
};
