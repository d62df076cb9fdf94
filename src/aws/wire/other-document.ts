import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';

/** `name` of the error thrown when something else came in the place of a setting; `instead` says what. */
export const OTHER_DOCUMENT = 'OtherDocumentError';

/** Sub-resources, of buckets and objects, whose answer is a document of their own. */
const SETTINGS: ReadonlySet<string> = new Set([
  'cors',
  'encryption',
  'lifecycle',
  'logging',
  'object-lock',
  'policy',
  'publicAccessBlock',
  'tagging',
  'versioning',
]);

/**
 * Makes a client refuse answers that hold another document than was asked for. A store that does not know a
 * sub-resource ignores it: `GET /bucket?cors` is then answered with the listing of the bucket, or with nothing, and the
 * SDK, which does not look at the name of a document, finds an empty setting in it. Lists of versions are left alone:
 * gofakes3 calls theirs `ListBucketVersionsResult`, S3Mock `ListBucketResult`, and both hold what they should.
 */
export function refuseOtherDocuments(client: S3Client): S3Client {
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      if (isRead(args.request) && isAnswer(result.response)) await refuseOther(result.response);
      return result;
    },
    // The last before the answer is read.
    { step: 'deserialize', priority: 'low', name: 'otherDocuments' },
  );
  return client;
}

interface Answer {
  readonly statusCode: number;
  body: unknown;
}

async function refuseOther(answer: Answer): Promise<void> {
  const { body, statusCode } = answer;
  if (statusCode >= 300 || !(body instanceof Readable)) return;
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(Buffer.from(chunk as Uint8Array));
  const content = Buffer.concat(chunks);
  const instead = otherThanSetting(content.toString('utf8'));
  if (instead !== undefined) {
    throw Object.assign(new Error('something else came in the place of a setting'), {
      name: OTHER_DOCUMENT,
      instead,
      $metadata: { httpStatusCode: statusCode },
    });
  }
  answer.body = Readable.from([content]);
}

/** Characters within which the first element begins. */
const BEGINNING = 2_000;

/** What a text is that is no setting; undefined for one that may be. */
function otherThanSetting(text: string): string | undefined {
  // Declaration, comments and instructions before the first element.
  const root = /^\uFEFF?(?:\s|<\?[^]*?\?>|<!--[^]*?-->)*<(?:[\w.-]+:)?([\w.-]+)/.exec(text.slice(0, BEGINNING))?.[1];
  if (root === undefined) return /^\s*(<\?[^]*\?>\s*)?$/.test(text) ? 'an empty document' : undefined;
  return /^List\w*Result/.test(root) ? 'a listing' : undefined;
}

function isRead(request: unknown): boolean {
  if (typeof request !== 'object' || request === null || !('method' in request) || !('query' in request)) return false;
  const { method, query } = request;
  return (
    method === 'GET' &&
    typeof query === 'object' &&
    query !== null &&
    Object.keys(query).some((name) => SETTINGS.has(name))
  );
}

function isAnswer(response: unknown): response is Answer {
  return typeof response === 'object' && response !== null && 'statusCode' in response && 'body' in response;
}
