import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HttpResponse } from '@smithy/core/protocols';
import type { HttpHandler } from '../../src/aws/wire/http-handler';
import type { AwsEnvironment } from './aws-environment';

/** The user that has signed in by `aws login`. */
export const LOGIN_SESSION = 'arn:aws:iam::123456789012:user/alice';

export interface SignedIn {
  /** When what is kept ends. */
  readonly until: Date;
  /** Members in place of the usual ones; undefined: not there. */
  readonly changes?: Readonly<Record<string, unknown>>;
}

/**
 * Puts down what `aws sso login` leaves for the session `corp` or, by its start URL, for a profile without one. The place
 * is below HOME and nowhere else.
 */
export async function signedInBySso(
  environment: AwsEnvironment,
  { until, changes }: SignedIn,
  id = 'corp',
): Promise<void> {
  const folder = join(environment.folder, '.aws', 'sso', 'cache');
  await mkdir(folder, { recursive: true });
  environment.set({ HOME: environment.folder });
  const token = {
    startUrl: 'https://corp.awsapps.com/start',
    region: 'us-east-2',
    accessToken: 'canary-access',
    expiresAt: until.toISOString(),
    clientId: 'client',
    clientSecret: 'canary-client',
    refreshToken: 'canary-refresh',
    ...changes,
  };
  await writeFile(join(folder, `${createHash('sha1').update(id).digest('hex')}.json`), JSON.stringify(token));
}

/** Puts down what `aws login` leaves, and gives the path of the file. */
export async function signedInByLogin(environment: AwsEnvironment, { until, changes }: SignedIn): Promise<string> {
  environment.set({ AWS_LOGIN_CACHE_DIRECTORY: environment.folder });
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const token = {
    accessToken: {
      accessKeyId: 'ASIALOGIN1',
      secretAccessKey: 'canary-secret',
      sessionToken: 'canary-session',
      accountId: '123456789012',
      expiresAt: until.toISOString(),
    },
    tokenType: 'urn:aws:params:oauth:token-type:access_token_sigv4',
    clientId: 'arn:aws:signin:::devtools/same-device',
    refreshToken: 'canary-refresh',
    dpopKey: privateKey.export({ type: 'sec1', format: 'pem' }),
    ...changes,
  };
  return environment.file(`${createHash('sha256').update(LOGIN_SESSION).digest('hex')}.json`, JSON.stringify(token));
}

export interface Reply {
  readonly status?: number;
  readonly errorType?: string;
  /** JSON, or the text of an XML document. */
  readonly body: object | string;
}

/** What a request is answered with; an Error: it is not. */
export type Replies = (host: string) => Reply | Error;

/**
 * Answers in place of AWS's hosts themselves, so that it shows which of them is asked: `METHOD host path`, and the headers that
 * prove who asks.
 */
export function signInHosts(replies: Replies): {
  readonly requestHandler: HttpHandler;
  readonly asked: readonly string[];
  readonly proofs: readonly (string | undefined)[];
} {
  const asked: string[] = [];
  const proofs: (string | undefined)[] = [];
  return {
    asked,
    proofs,
    requestHandler: {
      metadata: { handlerProtocol: 'http/1.1' },
      handle: ({ method, hostname, path, headers }) => {
        asked.push(`${method} ${hostname} ${path}`);
        proofs.push(headers['x-amz-sso_bearer_token'] ?? headers['DPoP']);
        const reply = replies(hostname);
        if (reply instanceof Error) return Promise.reject(reply);
        const { status = 200, errorType, body } = reply;
        return Promise.resolve({
          response: new HttpResponse({
            statusCode: status,
            headers: {
              'content-type': typeof body === 'string' ? 'text/xml' : 'application/json',
              ...(errorType && { 'x-amzn-errortype': errorType }),
            },
            body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
          }),
        });
      },
      destroy: () => undefined,
      updateHttpClientConfig: () => undefined,
      httpHandlerConfigs: () => ({}),
    },
  };
}
