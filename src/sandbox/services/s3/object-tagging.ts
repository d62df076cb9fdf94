import { decodeXml } from '../../protocol/xml-shape';
import { bucketOf, type Call, type Handlers, type Reply } from './call';
import { objectOf } from './read-object';
import { checkTags, type Tag, taggingShape } from './tags';
import { versionHeader } from './versions';

function replace(call: Call, status: number, tags: readonly Tag[]): Reply {
  const object = objectOf(call);
  object.tags = tags;
  return { status, headers: { 'x-amz-version-id': versionHeader(bucketOf(call), object) } };
}

export const objectTaggingHandlers: Handlers = {
  GetObjectTagging: (call) => {
    const object = objectOf(call);
    return {
      headers: { 'x-amz-version-id': versionHeader(bucketOf(call), object) },
      xml: { root: 'Tagging', value: { TagSet: { Tag: object.tags } } },
    };
  },
  PutObjectTagging: (call) => {
    const { TagSet } = decodeXml(call.request.body, 'Tagging', taggingShape);
    return replace(call, 200, checkTags(TagSet.Tag, 'object'));
  },
  DeleteObjectTagging: (call) => replace(call, 204, []),
};
