import type { FormUpload, WireRequest } from '../../contract';
import { decodeXml } from '../../protocol/xml-shape';
import { taggingShape } from './tags';

/** Fields of an upload form as the headers a PutObject would have. Source: S3 API reference, "POST Object". */

const STORED = new Set(['cache-control', 'content-disposition', 'content-encoding', 'content-type', 'expires']);
const OF_THE_SIGNATURE = new Set([
  'x-amz-algorithm',
  'x-amz-credential',
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-signature',
]);
/** Headers of the request that say something about the form, not about the object. */
const OF_THE_FORM = /^(?:x-amz-.*|content-.*|cache-control|expires)$/;

/** Header values are bytes, which Node has as Latin-1. */
const asHeader = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

function tagsOf(xml: string): string {
  const { TagSet } = decodeXml(Buffer.from(xml, 'utf8'), 'Tagging', taggingShape);
  return new URLSearchParams(TagSet.Tag.map(({ Key, Value }): [string, string] => [Key, Value])).toString();
}

function headerOf(name: string, value: string): readonly [string, string] | undefined {
  if (name === 'acl') return ['x-amz-acl', value];
  if (name === 'tagging') return ['x-amz-tagging', tagsOf(value)];
  if (STORED.has(name) || (name.startsWith('x-amz-') && !OF_THE_SIGNATURE.has(name))) return [name, asHeader(value)];
  return undefined;
}

/**
 * Makes the request as if its fields were headers.
 * @throws {MalformedXML} when the tags are none
 */
export function withFieldsAsHeaders(request: WireRequest, { fields }: FormUpload): WireRequest {
  const own = Object.entries(request.headers).filter(([name]) => !OF_THE_FORM.test(name));
  const given = [...fields].flatMap(([name, value]) => {
    const header = headerOf(name, value);
    return header === undefined ? [] : [header];
  });
  return { ...request, headers: { ...Object.fromEntries(own), ...Object.fromEntries(given) } };
}
