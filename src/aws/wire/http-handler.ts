import { readFileSync } from 'node:fs';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Readable } from 'node:stream';
import { rootCertificates } from 'node:tls';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { HttpProxyAgent, HttpsProxyAgent } from 'hpagent';
import { fail } from '../../base/errors';
import { runningOperation } from '../../base/running-operation';
import { type Environment, proxyRules } from './proxy';

/** What the SDK needs of a request handler; one serves all clients of all accounts. */
export type HttpHandler = Pick<
  NodeHttpHandler,
  'handle' | 'destroy' | 'metadata' | 'updateHttpClientConfig' | 'httpHandlerConfigs'
>;

export interface HttpHandlerOptions {
  readonly env: Environment;
  /** Milliseconds until a connection (through the proxy, where there is one) must stand. */
  readonly connectionTimeoutMs?: number;
  /** Milliseconds until the whole answer, its body included, must be there. */
  readonly requestTimeoutMs?: number;
  /** Connections per host. */
  readonly maxSockets?: number;
}

/** `name` of the error thrown when a web page came where AWS should have answered. */
export const FOREIGN_ANSWER = 'ForeignAnswerError';

/**
 * Idle connections are given up before servers do (5 s is the shortest usual keep-alive): a request sent into a
 * connection that is just being closed fails with a reset, and nobody knows whether it had its effect.
 */
const IDLE_SOCKET_MS = 4_000;

type Answer = Awaited<ReturnType<NodeHttpHandler['handle']>>['response'];

/**
 * Makes the one way out to AWS: shared keep-alive agents, timeouts that end the call, proxies and an own certificate bundle
 * from the environment (the SDK reads neither `HTTPS_PROXY` nor `AWS_CA_BUNDLE`).
 * @throws {misconfigured} when such a variable is unusable
 */
export function createHttpHandler(options: HttpHandlerOptions): HttpHandler {
  const { env, connectionTimeoutMs = 3_000, requestTimeoutMs = 12_000, maxSockets = 256 } = options;
  const rules = proxyRules(env);
  const ca = certificates(env['AWS_CA_BUNDLE']);
  const agent = { keepAlive: true, maxSockets, timeout: IDLE_SOCKET_MS };
  const tls = { ...agent, ...(ca && { ca }) };

  const handler = (httpAgent: HttpAgent, httpsAgent: HttpsAgent): NodeHttpHandler =>
    new NodeHttpHandler({
      httpAgent,
      httpsAgent,
      connectionTimeout: connectionTimeoutMs,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
    });
  const directHttp = new HttpAgent(agent);
  const directHttps = new HttpsAgent(tls);
  const proxyRequestOptions = ca && { ca };
  const proxiedHttp =
    rules.http &&
    new HttpProxyAgent({ ...agent, proxy: rules.http, ...(proxyRequestOptions && { proxyRequestOptions }) });
  const proxiedHttps =
    rules.https &&
    new HttpsProxyAgent({ ...tls, proxy: rules.https, ...(proxyRequestOptions && { proxyRequestOptions }) });
  const direct = handler(directHttp, directHttps);
  const proxied = handler(proxiedHttp ?? directHttp, proxiedHttps ?? directHttps);

  return {
    metadata: { handlerProtocol: 'http/1.1' },
    handle: async (request, handlerOptions) => {
      await runningOperation()?.mayCall(requestTimeoutMs);
      const deadline = performance.now() + requestTimeoutMs;
      const port = request.port ?? (request.protocol === 'http:' ? 80 : 443);
      const chosen = rules.bypasses(request.hostname, port) ? direct : proxied;
      const { response } = await chosen.handle(request, handlerOptions);
      endBodyAt(response, deadline);
      await refuseWebPage(response);
      return { response };
    },
    destroy: () => {
      for (const used of [directHttp, directHttps, proxiedHttp, proxiedHttps]) used?.destroy();
    },
    // Clients offer their own defaults (a logger, a socket timeout); what is set here holds for all of them.
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({ connectionTimeout: connectionTimeoutMs, requestTimeout: requestTimeoutMs }),
  };
}

/** The SDK's request timeout stops at the response's head; a body that stalls would hang for ever. */
function endBodyAt(response: Answer, deadline: number): void {
  const body: unknown = response.body;
  if (!(body instanceof Readable)) return;
  const expire = (): void => {
    body.destroy(Object.assign(new Error('the body of the answer did not arrive in time'), { name: 'TimeoutError' }));
  };
  const timer = setTimeout(expire, Math.max(0, deadline - performance.now()));
  body.once('close', () => clearTimeout(timer));
}

/**
 * A 200 whose body is a web page (a captive portal, a proxy's notice) would be taken for an empty answer: the SDK finds
 * none of the members it looks for and leaves them undefined. AWS marks its answers with `x-amz…` headers; servers
 * that send XML as text/html without them are let through by their body.
 */
async function refuseWebPage(response: Answer): Promise<void> {
  const { headers } = response;
  const body: unknown = response.body;
  if (response.statusCode >= 300 || !/^text\/html\b/i.test(headers['content-type'] ?? '')) return;
  if (!(body instanceof Readable) || Object.keys(headers).some((name) => /^x-amzn?-/i.test(name))) return;
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(Buffer.from(chunk as Uint8Array));
  const content = Buffer.concat(chunks);
  if (/^\s*<(!doctype\s+html|html)\b/i.test(content.subarray(0, 200).toString('latin1'))) {
    throw Object.assign(new Error('a web page came where AWS should have answered'), { name: FOREIGN_ANSWER });
  }
  response.body = Readable.from([content]);
}

/** The usual roots and those of the bundle: one program may speak to AWS and to a store with a private authority. */
function certificates(path: string | undefined): string[] | undefined {
  if (path === undefined || path === '') return undefined;
  const bundle = readBundle(path);
  if (!bundle.includes('-----BEGIN CERTIFICATE-----')) unusableBundle('holds no PEM certificate');
  return [...rootCertificates, bundle];
}

function readBundle(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return unusableBundle('cannot be read');
  }
}

function unusableBundle(why: string): never {
  return fail({
    kind: 'misconfigured',
    setting: 'AWS_CA_BUNDLE',
    detail: `The file that the environment variable AWS_CA_BUNDLE names ${why}.`,
  });
}
