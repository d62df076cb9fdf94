import type { S3Client } from '@aws-sdk/client-s3';
import { runningOperation } from '../../base/running-operation';

/** The headers that AWS takes a call's agent from. The SDK fills both, and services differ in which one they log. */
const AGENT_HEADERS = ['user-agent', 'x-amz-user-agent'];

/** What the SDK's own pairs `name/value` may be made of. */
const NOT_IN_AGENT = /[^!$%&'*+\-.^_`|~\w]/g;

type Stack = S3Client['middlewareStack'];

/** Any client: the SDK's types of stacks differ by the commands that a client takes, which do not matter here. */
interface Client {
  readonly middlewareStack: { use(plugin: { readonly applyToStack: (stack: never) => void }): void };
}

/**
 * Makes a client say for which operation a call is made: `op/<operationId>`, so that CloudTrail's `userAgent` has it. It
 * stands second, after `aws-sdk-js/<version>`: CloudTrail cuts that field off at 1 KB.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function nameOperation(client: Client): void {
  client.middlewareStack.use({ applyToStack: addMiddleware });
}

const addMiddleware = (stack: Stack): void =>
  stack.add(
    (next) => async (args) => {
      const operation = runningOperation();
      if (operation !== undefined && hasHeaders(args.request)) addTo(args.request.headers, operation.operationId);
      return next(args);
    },
    // After the SDK's own, which was added before and writes the headers; nothing is signed yet.
    { step: 'build', priority: 'low', name: 'operationAgent' },
  );

function addTo(headers: Record<string, string>, operationId: string): void {
  const pair = `op/${operationId.replace(NOT_IN_AGENT, '-')}`;
  for (const name of AGENT_HEADERS) {
    const [sdk, ...rest] = headers[name]?.split(' ') ?? [];
    if (sdk !== undefined) headers[name] = [sdk, pair, ...rest].join(' ');
  }
}

function hasHeaders(request: unknown): request is { readonly headers: Record<string, string> } {
  return typeof request === 'object' && request !== null && 'headers' in request && typeof request.headers === 'object';
}
