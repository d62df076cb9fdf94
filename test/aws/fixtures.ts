import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AccountConfig } from '../../src/config/types';
import { type DomainError, DomainFailure } from '../../src/base/errors';
import { secret } from '../../src/base/secret';
import { accountConfig } from '../support/config';

/** An account with static keys in us-east-1, changed as a test needs it. */
export function accountOf(changes: Partial<AccountConfig> = {}): AccountConfig {
  return Object.freeze(
    accountConfig({
      id: '123456789012',
      credentials: {
        kind: 'static',
        akid: 'AKIDEXAMPLE',
        secret: secret('not-a-real-secret'),
        sessionToken: undefined,
      },
      bucketActions: [],
      objectActions: [],
      distributionActions: [],
      ...changes,
    }),
  );
}

/** A request as the server saw it. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly host: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** Members of a form body (the query protocol of IAM and STS). */
  readonly form: URLSearchParams;
}

export type Answer = (seen: Seen, response: ServerResponse, request: IncomingMessage) => void;

export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly seen: Seen[];
  /** What is answered from now on. */
  answer: Answer;
  close(): Promise<void>;
}

/** A server on loopback that reads each request whole, notes it and lets the test answer. */
export async function startServer(answer: Answer): Promise<TestServer> {
  const seen: Seen[] = [];
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const one: Seen = {
        method: request.method ?? '',
        url: request.url ?? '',
        host: request.headers.host ?? '',
        headers: request.headers,
        body,
        form: new URLSearchParams(body),
      };
      seen.push(one);
      server.answer(one, response, request);
    });
  };
  const http = createServer(listener);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  const server: TestServer = {
    url: `http://127.0.0.1:${port}`,
    port,
    seen,
    answer,
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
  return server;
}

export const xml =
  (status: number, body: string, headers: Readonly<Record<string, string>> = {}): Answer =>
  (_seen, response) => {
    response.writeHead(status, { 'content-type': 'text/xml', ...headers });
    response.end(body);
  };

/** An error document of S3. */
export const s3Error = (
  status: number,
  code: string,
  message = 'as it is',
  headers: Readonly<Record<string, string>> = {},
): Answer =>
  xml(
    status,
    `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message><RequestId>s3-request</RequestId></Error>`,
    headers,
  );

/** An error document of IAM and STS. */
export const queryError = (status: number, code: string, message = 'as it is'): Answer =>
  xml(
    status,
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>q-request</RequestId></ErrorResponse>`,
  );

/** STS's answer to AssumeRole; `n` tells sessions apart. */
export const assumed = (n: number | string, call = 'AssumeRole', expiration = '2031-01-01T00:00:00Z'): Answer =>
  xml(
    200,
    `<${call}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${call}Result><Credentials>
       <AccessKeyId>ASIASESSION${n}</AccessKeyId><SecretAccessKey>secret-${n}</SecretAccessKey><SessionToken>token-${n}</SessionToken>
       <Expiration>${expiration}</Expiration></Credentials></${call}Result></${call}Response>`,
  );

export const callerIdentity = (account: string): Answer =>
  xml(
    200,
    `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
       <Arn>arn:aws:iam::${account}:root</Arn><UserId>x</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
  );

export const emptyBucketList = xml(200, '<ListAllMyBucketsResult><Buckets></Buckets></ListAllMyBucketsResult>');

/** The access key and region a request was signed with. */
export function signedWith(seen: Seen | undefined): { readonly key: string; readonly region: string } {
  const [, key = '', region = ''] = /Credential=([^/]+)\/\d+\/([^/]+)\//.exec(seen?.headers.authorization ?? '') ?? [];
  return { key, region };
}

/** The domain error that `work` ends with; it is a test's failure when it ends well or with anything else. */
export async function errorOf(work: Promise<unknown>): Promise<DomainError> {
  const thrown: unknown = await work.then(
    () => new Error('it was expected to fail and did not'),
    (error: unknown) => error,
  );
  if (!(thrown instanceof DomainFailure)) throw thrown;
  return thrown.error;
}
