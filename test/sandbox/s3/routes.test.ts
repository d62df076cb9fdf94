import { AwsRefusal } from '../../../src/sandbox/contract';
import { addressOf, copySourceOf } from '../../../src/sandbox/services/s3/address';
import { S3_OPERATIONS } from '../../../src/sandbox/services/s3/index';
import { identify } from '../../../src/sandbox/services/s3/routes';
import { request } from './wire';

const COPY = { headers: { 'x-amz-copy-source': 'a/b' } };

test.each([
  ['GET', '/', 'ListBuckets'],
  ['GET', '/?x-id=ListBuckets', 'ListBuckets'],
  ['PUT', '/bkt', 'CreateBucket'],
  ['PUT', '/bkt/', 'CreateBucket'],
  ['HEAD', '/bkt', 'HeadBucket'],
  ['DELETE', '/bkt', 'DeleteBucket'],
  ['GET', '/bkt', 'ListObjects'],
  ['GET', '/bkt?list-type=2&prefix=x', 'ListObjectsV2'],
  ['GET', '/bkt?versions', 'ListObjectVersions'],
  ['GET', '/bkt?uploads', 'ListMultipartUploads'],
  ['GET', '/bkt?location', 'GetBucketLocation'],
  ['POST', '/bkt?delete', 'DeleteObjects'],
  ['GET', '/bkt?policyStatus', 'GetBucketPolicyStatus'],
  ['DELETE', '/bkt?publicAccessBlock', 'DeletePublicAccessBlock'],
  ['OPTIONS', '/bkt/key', 'OptionsPreflight'],
  ['OPTIONS', '/bkt/key?uploadId=u&partNumber=1', 'OptionsPreflight'],
  ['OPTIONS', '/bkt?cors', 'OptionsPreflight'],
  ['PUT', '/bkt/key', 'PutObject'],
  ['GET', '/bkt/key?versionId=1&response-content-type=x', 'GetObject'],
  ['HEAD', '/bkt/key', 'HeadObject'],
  ['POST', '/bkt/key?uploads', 'CreateMultipartUpload'],
  ['PUT', '/bkt/key?partNumber=1&uploadId=u', 'UploadPart'],
  ['POST', '/bkt/key?uploadId=u', 'CompleteMultipartUpload'],
  ['GET', '/bkt/key?uploadId=u', 'ListParts'],
  ['DELETE', '/bkt/key?uploadId=u', 'AbortMultipartUpload'],
  ['DELETE', '/bkt/key?tagging&versionId=1', 'DeleteObjectTagging'],
  ['GET', '/bkt/key?attributes', 'GetObjectAttributes'],
  // A parameter that is no sub-resource changes nothing.
  ['GET', '/bkt?list-type=2&unknown=1', 'ListObjectsV2'],
  ['PUT', '/bkt/tagging', 'PutObject'],
])('%s %s is %s', (method, target, operation) => {
  expect(identify(request(method, target))).toBe(operation);
  expect(S3_OPERATIONS).toContain(operation);
});

test('a copy source makes copies of writes', () => {
  expect(identify(request('PUT', '/bkt/key', COPY))).toBe('CopyObject');
  expect(identify(request('PUT', '/bkt/key?partNumber=1&uploadId=u', COPY))).toBe('UploadPartCopy');
});

function refused(call: () => unknown): Pick<AwsRefusal, 'status' | 'code' | 'message'> {
  try {
    call();
  } catch (thrown) {
    if (thrown instanceof AwsRefusal) return thrown;
    throw thrown;
  }
  throw new Error('not refused');
}

test.each([
  ['GET', '/bkt?replication', 'GetBucketReplication'],
  ['PUT', '/bkt?notification', 'PutBucketNotificationConfiguration'],
  ['POST', '/bkt/key?restore', 'RestoreObject'],
])('%s %s is NotImplemented and named', (method, target, name) => {
  const { status, code, message } = refused(() => identify(request(method, target)));
  expect({ status, code }).toEqual({ status: 501, code: 'NotImplemented' });
  expect(message).toContain(name);
});

test.each([
  ['DELETE', '/'],
  ['PATCH', '/bkt'],
  ['POST', '/bkt?tagging'],
  ['PUT', '/bkt/key?uploadId=u'],
])('%s %s is MethodNotAllowed', (method, target) => {
  expect(refused(() => identify(request(method, target)))).toMatchObject({ status: 405, code: 'MethodNotAllowed' });
});

test('two sub-resources at once are refused', () => {
  expect(refused(() => identify(request('GET', '/bkt?acl&policy'))).code).toBe('InvalidArgument');
});

describe('addresses', () => {
  test.each([
    ['127.0.0.1:9000', '/', undefined, undefined],
    ['127.0.0.1:9000', '/bkt/a%20b+c', 'bkt', 'a b+c'],
    ['127.0.0.1:9000', '/bkt//a//b/', 'bkt', '/a//b/'],
    ['localhost:9000', '/bkt/%F0%9F%98%80', 'bkt', '😀'],
    ['s3.us-east-1.amazonaws.com', '/my.bkt/k', 'my.bkt', 'k'],
    ['my-bucket.localhost:9000', '/k/l', 'my-bucket', 'k/l'],
    ['www.example.org.localhost', '/', 'www.example.org', undefined],
    ['my-bucket.s3.amazonaws.com', '/k', 'my-bucket', 'k'],
    ['my-bucket.s3.eu-west-1.amazonaws.com', '/', 'my-bucket', undefined],
    ['www.example.org.s3.eu-west-1.amazonaws.com', '/index.html', 'www.example.org', 'index.html'],
    ['a.s3.b.s3.amazonaws.com', '/k', 'a.s3.b', 'k'],
  ])('host %s, path %s → %s, %s', (host, rawPath, bucket, key) => {
    expect(addressOf({ host, rawPath })).toMatchObject({ bucket, key });
  });

  test('what cannot be decoded is InvalidURI', () => {
    expect(refused(() => addressOf({ host: 'localhost', rawPath: '/bkt/%E0%A4' })).code).toBe('InvalidURI');
  });

  test.each([
    ['bkt/a%20b', { bucket: 'bkt', key: 'a b', versionId: undefined }],
    ['/bkt/a/b?versionId=v1', { bucket: 'bkt', key: 'a/b', versionId: 'v1' }],
    ['bkt%2Fa%3Fb', { bucket: 'bkt', key: 'a?b', versionId: undefined }],
    ['bkt//a', { bucket: 'bkt', key: '/a', versionId: undefined }],
  ])('copy source %s', (header, source) => {
    expect(copySourceOf(header)).toEqual(source);
  });
});
