/**
 * Uploads by HTML form: what browsers send, taken apart. The form signs its policy instead of the request.
 * Source: S3 API reference, "POST Object", "Browser-based uploads using POST (AWS Signature Version 4)".
 */
import { Busboy } from '@fastify/busboy';
import { AwsRefusal, type FormUpload, type WireRequest } from './contract';
import { type SignatureClaim, claimOfForm } from './sigv4-request';

export interface Form {
  /** The request with its form taken apart; the file is its body. */
  readonly request: WireRequest;
  /** undefined: the form is not signed, and so anonymous. */
  readonly claim: SignatureClaim | undefined;
}

/** Bytes that all fields before the file may have. */
const MAX_FIELDS_BYTES = 20_480;

const isForm = ({ method, headers, query }: WireRequest): boolean =>
  method === 'POST' &&
  /^multipart\/form-data\b/i.test(headers['content-type'] ?? '') &&
  headers['authorization'] === undefined &&
  !query.has('X-Amz-Signature');

/**
 * Reads the form a request holds; undefined when it is another kind of request.
 * @throws an AwsRefusal when the form is malformed
 */
export async function readForm(request: WireRequest): Promise<Form | undefined> {
  if (!isForm(request)) return undefined;
  const { form, file } = await takeApart(request);
  return { request: { ...request, body: file, form }, claim: claimOfForm(form.fields) };
}

interface Part {
  readonly name: string;
  /** All there when the form has been read. */
  readonly pieces: Buffer[];
  readonly fileName: string;
}

/** All parts in the form's order. */
function parse({ headers, body }: WireRequest): Promise<readonly Part[]> {
  return new Promise((resolve, reject) => {
    const parts: Part[] = [];
    const failed = (): void => {
      reject(
        new AwsRefusal(
          400,
          'MalformedPOSTRequest',
          'The body of your POST request is not well-formed multipart/form-data.',
        ),
      );
    };
    try {
      const parser = new Busboy({
        headers: { 'content-type': headers['content-type'] ?? '' },
        isPartAFile: (name, _type, fileName) => fileName !== undefined || name?.toLowerCase() === 'file',
      });
      parser.on('field', (name, value) => void parts.push({ name, pieces: [Buffer.from(value)], fileName: '' }));
      parser.on('file', (name, stream, fileName: string | undefined) => {
        const pieces: Buffer[] = [];
        // Noted when it begins: by its end the parser may be two fields further on.
        parts.push({ name, pieces, fileName: fileName ?? '' });
        stream.on('data', (piece: Buffer) => void pieces.push(piece));
        stream.on('error', failed);
      });
      parser.on('error', failed);
      parser.on('finish', () => resolve(parts));
      parser.end(body);
    } catch {
      failed();
    }
  });
}

/** Fields up to the file; what comes after it does not count. Field names know no case, and a repeated field is a list. */
async function takeApart(request: WireRequest): Promise<{ readonly form: FormUpload; readonly file: Buffer }> {
  const fields = new Map<string, string>();
  let size = 0;
  for (const { name: given, pieces, fileName } of await parse(request)) {
    const name = given.toLowerCase();
    const value = Buffer.concat(pieces);
    if (name === 'file') return { form: { fields, fileName }, file: value };
    size += Buffer.byteLength(given) + value.length;
    if (size > MAX_FIELDS_BYTES) {
      throw new AwsRefusal(
        400,
        'MaxPostPreDataLengthExceeded',
        'Your POST request fields preceding the upload file were too large.',
        {
          MaxPostPreDataLengthBytes: String(MAX_FIELDS_BYTES),
        },
      );
    }
    const former = fields.get(name);
    fields.set(name, former === undefined ? value.toString() : `${former},${value.toString()}`);
  }
  throw new AwsRefusal(400, 'InvalidArgument', 'POST requires exactly one file upload per request.', {
    ArgumentName: 'file',
    ArgumentValue: '0',
  });
}

/** Gives the key a form asks for, with the name of the file in it where it says so. */
export function keyOfForm({ fields, fileName }: FormUpload): string {
  const key = fields.get('key');
  if (key === undefined) {
    throw new AwsRefusal(
      400,
      'InvalidArgument',
      "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.",
      {
        ArgumentName: 'key',
        ArgumentValue: '',
      },
    );
  }
  return key.replaceAll('${filename}', () => fileName);
}
