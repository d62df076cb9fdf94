import {
  AwsRefusal,
  type CallContext,
  type ServiceModule,
  type WireRequest,
  type WireResponse,
} from '../../../src/sandbox/contract';

/** Requests handed to the service directly, for what no client sends. */

export function request(method: string, target: string, more: Partial<WireRequest> = {}): WireRequest {
  const [rawPath = '/', query = ''] = target.split(/\?(.*)/s);
  return {
    method,
    rawPath,
    query: new URLSearchParams(query),
    headers: {},
    host: '127.0.0.1:9000',
    body: Buffer.alloc(0),
    ...more,
  };
}

export const context: CallContext = {
  principal: { kind: 'root', accountId: '111111111111' },
  accountId: '111111111111',
  region: 'us-east-1',
  requestId: 'REQUEST',
  now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 678),
};

/** The service's answer, refusals encoded as the server would. */
export function answer(s3: ServiceModule, wire: WireRequest, as: CallContext = context): WireResponse {
  try {
    const operation = s3.identify(wire);
    s3.permissions(operation, wire, as);
    return s3.execute(operation, wire, as);
  } catch (thrown) {
    if (thrown instanceof AwsRefusal) return s3.encodeError(thrown, wire, as.requestId);
    throw thrown;
  }
}
