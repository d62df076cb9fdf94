import { AwsRefusal } from '../../contract';

/** S3's answers to what it will not do. Codes and statuses: S3 API Reference, "Error responses". */

export const noSuchBucket = (name: string): AwsRefusal =>
  new AwsRefusal(404, 'NoSuchBucket', 'The specified bucket does not exist', { BucketName: name });

export const noSuchKey = (key: string, headers: Readonly<Record<string, string>> = {}): AwsRefusal =>
  new AwsRefusal(404, 'NoSuchKey', 'The specified key does not exist.', { Key: key }, headers);

export const noSuchVersion = (key: string, versionId: string): AwsRefusal =>
  new AwsRefusal(404, 'NoSuchVersion', 'The specified version does not exist.', { Key: key, VersionId: versionId });

export const noSuchUpload = (uploadId: string): AwsRefusal =>
  new AwsRefusal(
    404,
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    { UploadId: uploadId },
  );

export const accessDenied = (message = 'Access Denied'): AwsRefusal => new AwsRefusal(403, 'AccessDenied', message);

export const invalidArgument = (message: string, name: string, value: string): AwsRefusal =>
  new AwsRefusal(400, 'InvalidArgument', message, { ArgumentName: name, ArgumentValue: value });

export const invalidRequest = (message: string): AwsRefusal => new AwsRefusal(400, 'InvalidRequest', message);

export const invalidTag = (message: string): AwsRefusal => new AwsRefusal(400, 'InvalidTag', message);

export const preconditionFailed = (condition: string): AwsRefusal =>
  new AwsRefusal(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    Condition: condition,
  });

export const notImplemented = (what: string): AwsRefusal =>
  new AwsRefusal(501, 'NotImplemented', `The sandbox does not implement ${what}`, { Header: what });

export const aclsDisabled = (): AwsRefusal =>
  new AwsRefusal(400, 'AccessControlListNotSupported', 'The bucket does not allow ACLs');

export const wrongMethod = (method: string, resourceType: string): AwsRefusal =>
  new AwsRefusal(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.', {
    Method: method,
    ResourceType: resourceType,
  });
