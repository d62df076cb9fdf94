import { AwsRefusal } from '../../contract';
import { decodeXml, required, struct } from '../../protocol/xml-shape';
import { regionHeaders } from '../s3/admission';
import { findBucket } from '../s3/call';
import { onBucket, tagConditions } from '../s3/permission-parts';
import { accessDenied, invalidRequest, invalidTag, notImplemented } from '../s3/refusals';
import type { Bucket } from '../s3/store';
import { checkTags, type Tag, tagSetShape } from '../s3/tags';
import type { ControlCall, OperationTable } from './call';

/** Tags of buckets by their ARN, whether ABAC is on or not. Source: S3 API Reference, TagResource and UntagResource. */

const requestShape = struct({ Tags: required(tagSetShape) });

/** The alphabet of `TagKeyString` and `TagValueString`, narrower than that of PutBucketTagging. */
const ALPHABET = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/**
 * Finds the bucket that the call is about.
 * @throws {NotImplemented} for other resources
 * @throws {NoSuchBucket | AccessDenied | PermanentRedirect} as S3 does
 */
function tagged(call: ControlCall): Bucket {
  const { context, labels } = call;
  const arn = labels['ResourceArn'] ?? '';
  const name = /^arn:aws[\w-]*:s3:::([^/]+)$/.exec(arn)?.[1];
  if (name === undefined) throw notImplemented(`tags of ${arn}`);
  const bucket = findBucket(call, name);
  if (bucket.ownerId !== context.accountId) throw accessDenied();
  if (bucket.region === context.region) return bucket;
  const message = 'The bucket you are attempting to access must be addressed using the specified endpoint.';
  throw new AwsRefusal(301, 'PermanentRedirect', message, { Bucket: name }, regionHeaders(bucket));
}

function tagsIn({ body }: ControlCall): readonly Tag[] {
  const tags = decodeXml(body, 'TagResourceRequest', requestShape).Tags.Tag;
  const odd = tags.find(({ Key, Value }) => !ALPHABET.test(Key) || !ALPHABET.test(Value));
  if (odd !== undefined) throw invalidTag(`The tag ${odd.Key} is not valid.`);
  return tags;
}

function keysIn({ query }: ControlCall): readonly string[] {
  const keys = query.getAll('tagKeys');
  if (keys.length === 0) throw invalidRequest('No tag keys are given.');
  return keys;
}

export const tagOperations: OperationTable = {
  TagResource: {
    needs: (call) =>
      onBucket('TagResource', tagged(call), tagConditions('aws:RequestTag', 'aws:TagKeys', tagsIn(call))),
    run: (call) => {
      const { config } = tagged(call);
      const added = checkTags(tagsIn(call), 'bucket');
      const kept = (config.tags ?? []).filter(({ Key }) => !added.some((tag) => tag.Key === Key));
      config.tags = checkTags([...kept, ...added], 'bucket');
      return { status: 204 };
    },
  },
  UntagResource: {
    needs: (call) => onBucket('UntagResource', tagged(call), { 'aws:TagKeys': keysIn(call) }),
    run: (call) => {
      const { config } = tagged(call);
      const keys = keysIn(call);
      const kept = (config.tags ?? []).filter(({ Key }) => !keys.includes(Key));
      config.tags = kept.length === 0 ? undefined : kept;
      return { status: 204 };
    },
  },
  ListTagsForResource: {
    needs: (call) => onBucket('ListTagsForResource', tagged(call)),
    run: (call) => {
      const tags = (tagged(call).config.tags ?? []).map(({ Key, Value }) => ({ Key, Value }));
      return { xml: { root: 'ListTagsForResourceResult', value: { Tags: { Tag: tags } } } };
    },
  },
};
