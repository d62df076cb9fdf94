import { readFile } from 'node:fs/promises';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isLoopbackAddress } from '../../base/addresses';
import type { GivenCredentials } from './link';
import type { Environment } from '../wire/proxy';

/**
 * The endpoint that ECS, EKS Pod Identity, App Runner and others give a container. Asked by code of our own: the SDK's
 * provider waits for ever for an endpoint that accepts the connection and keeps silent.
 * Source: AWS SDKs and Tools Reference Guide, "Container credential provider".
 */

const RELATIVE = 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI';
const FULL = 'AWS_CONTAINER_CREDENTIALS_FULL_URI';
const TOKEN = 'AWS_CONTAINER_AUTHORIZATION_TOKEN';
const TOKEN_FILE = 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE';

/** The ECS agent's address, to which a relative URI belongs. */
const ECS_HOST = '169.254.170.2';
/** Beside loopback, the only hosts that a token may be sent to without encryption: ECS and EKS. */
const PLAIN_HOSTS = new Set(['localhost', ECS_HOST, '169.254.170.23', '[fd00:ec2::23]']);

/** More than any endpoint has to say. */
const ANSWER_LIMIT = 64 * 1024;

export type ContainerEndpoint =
  | { readonly kind: 'none'; readonly why: string }
  | { readonly kind: 'unusable'; readonly why: string }
  | { readonly kind: 'url'; readonly url: URL };

/** Finds where the environment says that credentials are to be had. */
export function containerEndpoint(env: Environment): ContainerEndpoint {
  const relative = env[RELATIVE] ?? '';
  const full = env[FULL] ?? '';
  if (relative === '' && full === '') return { kind: 'none', why: `neither ${RELATIVE} nor ${FULL} is set` };
  // Also where both are set: the relative one wins, as in every SDK.
  const name = relative === '' ? FULL : RELATIVE;
  const text = relative === '' ? full : `http://${ECS_HOST}${relative.startsWith('/') ? '' : '/'}${relative}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    return { kind: 'unusable', why: `${name} is no http or https URL` };
  if (url.protocol === 'http:' && !PLAIN_HOSTS.has(url.hostname) && !isLoopbackAddress(url.hostname)) {
    return {
      kind: 'unusable',
      why: `${FULL} is plain http, which is for loopback and the endpoints of ECS and EKS only`,
    };
  }
  return { kind: 'url', url };
}

/**
 * Asks the endpoint once. The token's file is read each time: the platform replaces it while we run.
 * @throws an Error that has `statusCode` when it refuses, `code` when it cannot be reached.
 */
export async function askContainer(url: URL, env: Environment, signal: AbortSignal): Promise<GivenCredentials> {
  const token = await authorization(env);
  const { status, body } = await get(url, token, signal);
  if (status !== 200)
    throw Object.assign(new Error('the container endpoint refused'), { name: 'ContainerError', statusCode: status });
  return readAnswer(body);
}

async function authorization(env: Environment): Promise<string | undefined> {
  const file = env[TOKEN_FILE] ?? '';
  const token = file === '' ? env[TOKEN] : (await readFile(file, 'utf8')).trim();
  if (token !== undefined && /[\r\n]/.test(token)) throw malformed('the authorization token has more than one line');
  return token === '' ? undefined : token;
}

function get(
  url: URL,
  token: string | undefined,
  signal: AbortSignal,
): Promise<{ readonly status: number; readonly body: string }> {
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const headers = { accept: 'application/json', ...(token !== undefined && { authorization: token }) };
    // A connection of its own: an agent would keep it open for a call that comes once in hours.
    const sent = send(url, { headers, signal, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
        if (body.length > ANSWER_LIMIT)
          response.destroy(malformed('the container endpoint answered at too great a length'));
      });
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.on('error', reject);
    sent.end();
  });
}

function readAnswer(body: string): GivenCredentials {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    throw malformed('the container endpoint did not answer with JSON');
  }
  const members: Readonly<Record<string, unknown>> = typeof answer === 'object' && answer !== null ? { ...answer } : {};
  const { AccessKeyId, SecretAccessKey, Token, Expiration } = members;
  const expires = typeof Expiration === 'string' ? Date.parse(Expiration) : NaN;
  if (
    typeof AccessKeyId !== 'string' ||
    typeof SecretAccessKey !== 'string' ||
    typeof Token !== 'string' ||
    Number.isNaN(expires)
  ) {
    throw malformed('the container endpoint answered without credentials');
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: Token,
    expiration: new Date(expires),
  };
}

const malformed = (message: string): Error => Object.assign(new Error(message), { name: 'MalformedAnswerError' });
