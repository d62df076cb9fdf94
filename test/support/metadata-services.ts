import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Temporary credentials as metadata services give them. */
export interface Handed {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expires: Date;
}

export interface MetadataService {
  readonly url: string;
  /** Method and path of every request so far, e.g. `PUT /latest/api/token`. */
  readonly asked: readonly string[];
  /** Takes a stage of answering away: it keeps silent, refuses with a status, or sends byte after byte without end. */
  readonly fail: (how: Failure | undefined) => void;
  readonly close: () => Promise<void>;
}

export interface Failure {
  readonly at: 'token' | 'role' | 'credentials';
  readonly status: number | 'silent' | 'dribble';
}

/** Answers a request; what it gives is the stage that the request belongs to, and the answer it would get. */
type Route = (request: IncomingMessage) => {
  readonly stage: Failure['at'];
  readonly status: number;
  readonly body: string;
};

async function serve(route: Route): Promise<MetadataService> {
  const asked: string[] = [];
  let failure: Failure | undefined;
  const timers = new Set<NodeJS.Timeout>();
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    const { stage, status, body } = route(request);
    const fails = failure?.at === stage ? failure.status : undefined;
    if (fails === 'silent') return;
    if (fails === 'dribble') {
      // Never long enough in silence for an idle timeout.
      const timer = setInterval(() => response.write(' '), 20);
      timers.add(timer);
      response.on('close', () => clearInterval(timer));
      return;
    }
    response.writeHead(fails ?? status).end(fails === undefined ? body : '');
  };
  const http = createServer(answer);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    asked,
    fail: (how) => {
      failure = how;
    },
    close: () =>
      new Promise((resolve) => {
        for (const timer of timers) clearInterval(timer);
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}

const document = ({ accessKeyId, secretAccessKey, sessionToken, expires }: Handed): string =>
  JSON.stringify({
    Code: 'Success',
    Type: 'AWS-HMAC',
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    Token: sessionToken,
    Expiration: expires.toISOString(),
  });

const IMDS_TOKEN = 'imds-session-token';
const ROLES = '/latest/meta-data/iam/security-credentials/';

/**
 * The EC2 metadata service where version 2 is required: without the token of a PUT every GET is 401. `issue` is called
 * for each set of credentials.
 */
export function startInstanceMetadata(issue: () => Handed): Promise<MetadataService> {
  return serve(({ method, url, headers }) => {
    if (method === 'PUT' && url === '/latest/api/token') {
      const seconds = Number(headers['x-aws-ec2-metadata-token-ttl-seconds']);
      return seconds >= 1 && seconds <= 21_600
        ? { stage: 'token', status: 200, body: IMDS_TOKEN }
        : { stage: 'token', status: 400, body: '' };
    }
    const stage = url === ROLES ? 'role' : 'credentials';
    if (headers['x-aws-ec2-metadata-token'] !== IMDS_TOKEN) return { stage, status: 401, body: '' };
    if (url === ROLES) return { stage, status: 200, body: 'instance-role' };
    return url === `${ROLES}instance-role`
      ? { stage, status: 200, body: document(issue()) }
      : { stage, status: 404, body: '' };
  });
}

/**
 * The endpoint of ECS and of the EKS Pod Identity agent. `authorization` is what the request must carry at the moment,
 * undefined for nothing.
 */
export function startContainerEndpoint(
  issue: () => Handed,
  authorization: () => string | undefined,
): Promise<MetadataService> {
  return serve(({ headers }) => {
    if (headers.authorization !== authorization())
      return { stage: 'credentials', status: 401, body: '{"Code":"AccessDenied","Message":"canary-of-the-endpoint"}' };
    return { stage: 'credentials', status: 200, body: document(issue()) };
  });
}
