/**
 * CloudFront Functions, run as they are written: `function handler(event)`, also async, in a context of their own.
 * Not a jail: the code comes from a caller of this sandbox, who sits on the same machine.
 * Source: CloudFront Developer Guide, "CloudFront Functions event structure".
 */
import { createContext, Script } from 'node:vm';

/** AWS stops a function after about a millisecond of work; here the bound only ends endless loops, also on a busy machine. */
const TIMEOUT_MS = 2_000;
/** Where the outcome stands in the function's context. */
const RESULT = 'sandboxOutcome';

export interface EventValue {
  readonly value: string;
  readonly multiValue?: readonly { readonly value: string }[];
}

export interface EventRequest {
  readonly method: string;
  readonly uri: string;
  readonly querystring: Readonly<Record<string, EventValue>>;
  readonly headers: Readonly<Record<string, EventValue>>;
  readonly cookies: Readonly<Record<string, EventValue>>;
}

export interface EventResponse {
  readonly statusCode: number;
  readonly statusDescription?: string;
  readonly headers?: Readonly<Record<string, EventValue>>;
  readonly body?: string | { readonly encoding: 'text' | 'base64'; readonly data: string };
}

export interface FunctionEvent {
  readonly version: '1.0';
  readonly context: {
    readonly eventType: 'viewer-request' | 'viewer-response';
    readonly distributionDomainName: string;
    readonly distributionId: string;
    readonly requestId: string;
  };
  readonly viewer: { readonly ip: string };
  readonly request: EventRequest;
  readonly response?: EventResponse;
}

type Json = Readonly<Record<string, unknown>>;

export type Outcome =
  | { readonly kind: 'request'; readonly request: EventRequest }
  | { readonly kind: 'response'; readonly response: EventResponse }
  /** CloudFront answers 503. */
  | { readonly kind: 'failed'; readonly message: string };

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Only text goes in and out: no object of this process is within the function's reach. */
function evaluate(code: string, event: FunctionEvent): string | undefined {
  const empty: object = Object.create(null) as object;
  const context = createContext(empty, {
    microtaskMode: 'afterEvaluate',
    codeGeneration: { strings: false, wasm: false },
  });
  const script = new Script(
    `${code}\n;var console = { log: function () {} }; var ${RESULT}; (async function () { try { ${RESULT} = JSON.stringify({ value: await handler(${JSON.stringify(event)}) }); } catch (error) { ${RESULT} = JSON.stringify({ error: String(error) }); } })();`,
  );
  script.runInContext(context, { timeout: TIMEOUT_MS });
  const outcome: unknown = new Script(RESULT).runInContext(context, { timeout: TIMEOUT_MS });
  return typeof outcome === 'string' ? outcome : undefined;
}

function isRequest(value: Json): boolean {
  return typeof value['uri'] === 'string' && value['uri'].startsWith('/') && typeof value['method'] === 'string';
}

function isResponse(value: Json): boolean {
  const status = value['statusCode'];
  return typeof status === 'number' && Number.isInteger(status) && status >= 100 && status <= 599;
}

export function runFunction(code: string, event: FunctionEvent): Outcome {
  let told: unknown;
  try {
    told = JSON.parse(evaluate(code, event) ?? '{"error":"the function did not come to an end"}');
  } catch (thrown) {
    return { kind: 'failed', message: String(thrown) };
  }
  const value = isJson(told) ? told['value'] : undefined;
  if (isJson(told) && typeof told['error'] === 'string') return { kind: 'failed', message: told['error'] };
  if (!isJson(value)) return { kind: 'failed', message: 'The function did not return an object.' };
  // The members looked at are checked here; everything else a function may set is optional text.
  if (isResponse(value)) return { kind: 'response', response: value as unknown as EventResponse };
  const empty = { querystring: {}, headers: {}, cookies: {} };
  if (event.context.eventType === 'viewer-request' && isRequest(value))
    return { kind: 'request', request: { ...empty, ...value } as unknown as EventRequest };
  return { kind: 'failed', message: 'The function returned neither a request nor a response.' };
}
