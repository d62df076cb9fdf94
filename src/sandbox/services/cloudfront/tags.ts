import { decodeXml, many, required, type ShapeType, struct, text } from '../../protocol/xml-shape';
import { type CloudFrontCall, type OperationTable, requestTags } from './call';
import { tagsShape } from './config-shape';
import { refuse } from './refusals';
import { type Distribution, type Tag, distributionArn } from './state';

/** Tags of distributions. Source: CloudFront API reference, Tag: key ≤ 128, value ≤ 256 characters, ≤ 50 tags. */

const MAX_TAGS = 50;
/** Letters, digits, spaces and `_.:/=+-@`: narrower than S3's alphabet. */
const ALPHABET = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

function checkTag(tag: Tag): void {
  const fits = tag.Key.length >= 1 && tag.Key.length <= 128 && tag.Value.length <= 256;
  if (!fits || !ALPHABET.test(tag.Key) || !ALPHABET.test(tag.Value))
    refuse('InvalidTagging', `The tag ${tag.Key} is not valid.`);
  if (/^aws:/i.test(tag.Key)) refuse('InvalidTagging', 'Tag keys starting with aws: are reserved for system use.');
}

/**
 * Reads and checks the tags of a request.
 * @throws {InvalidTagging} when AWS would not take them
 */
export function readTags(document: ShapeType<typeof tagsShape> | undefined): readonly Tag[] {
  const tags = (document?.Items?.Tag ?? []).map((tag) => ({ Key: tag.Key, Value: tag.Value ?? '' }));
  tags.forEach(checkTag);
  if (new Set(tags.map((tag) => tag.Key)).size < tags.length)
    refuse('InvalidTagging', 'A tag key is given more than once.');
  return checkCount(tags);
}

function checkCount(tags: readonly Tag[]): readonly Tag[] {
  if (tags.length > MAX_TAGS) refuse('InvalidTagging', `A resource can have at most ${MAX_TAGS} tags.`);
  return tags;
}

const resourceArn = (call: CloudFrontCall): string => call.query.get('Resource') ?? '';

/**
 * Finds what a tagging call is about; only distributions have tags here.
 * @throws {InvalidArgument} when it is no ARN of CloudFront's
 * @throws {NoSuchResource} when there is no such distribution
 */
function tagged(call: CloudFrontCall): Distribution {
  const arn = resourceArn(call);
  const [, accountId, id = ''] =
    /^arn:[a-z-]+:cloudfront::(\d{12}):(?:distribution|function)\/([^/]+)$/.exec(arn) ?? [];
  if (accountId === undefined) refuse('InvalidArgument', 'Invalid resource ARN.');
  const found = call.state.distributions.get(id);
  if (found?.accountId !== call.accountId || distributionArn(found, id) !== arn) {
    return refuse('NoSuchResource', `The resource that was specified is not valid: ${arn}`);
  }
  return found;
}

const readTagging = (call: CloudFrontCall): readonly Tag[] => readTags(decodeXml(call.body, 'Tags', tagsShape));

const keysShape = struct({ Items: required(struct({ Key: many(text) })) });

function add(call: CloudFrontCall): void {
  const target = tagged(call);
  const added = readTagging(call);
  const replaced = new Set(added.map((tag) => tag.Key));
  target.tags = checkCount([...target.tags.filter((tag) => !replaced.has(tag.Key)), ...added]);
}

function remove(call: CloudFrontCall): void {
  const target = tagged(call);
  const keys = new Set(decodeXml(call.body, 'TagKeys', keysShape).Items.Key);
  target.tags = target.tags.filter((tag) => !keys.has(tag.Key));
}

export const tagOperations: OperationTable = {
  ListTagsForResource: {
    needs: resourceArn,
    run: (call) => {
      const { tags } = tagged(call);
      return { xml: { root: 'Tags', value: { Items: { Tag: tags.map(({ Key, Value }) => ({ Key, Value })) } } } };
    },
  },
  TagResource: {
    needs: (call) => [
      { action: 'cloudfront:TagResource', resource: resourceArn(call), conditions: requestTags(readTagging(call)) },
    ],
    run: (call) => {
      add(call);
      return { status: 204 };
    },
  },
  UntagResource: {
    needs: resourceArn,
    run: (call) => {
      remove(call);
      return { status: 204 };
    },
  },
};
