import type { Request, Router } from 'express';
import { bodyLimitOf, refuseTooLarge } from './body/body-limit';
import { requestCheck } from './contract/checks';
import { preflight } from './middleware/cors';
import { operations, type Operation } from './contract/document';
import { clientAddress } from './middleware/client-address';
import { awaitsContinue } from './middleware/expectation';
import { parseBody } from './body/json';
import { readMediaType } from './body/media-type';
import { problem } from './problem';
import { readBody } from './body/read';
import { sendProblem } from './send';
import { keyOf } from './idempotency';
import { claimedActor } from './operations/actor';
import type { Answer, Middleware, Perform, SystemHandlers, WithRequest } from './types';
import { parseJsonOrYaml } from './body/yaml';

export interface Mounting {
  readonly system: SystemHandlers;
  /** Ids of operations in an account. */
  readonly ids: readonly string[];
  readonly perform: Perform;
  readonly authenticate: Middleware;
  readonly resolveAccount: Middleware;
  readonly tokenMethods: Middleware;
  readonly withRequest: WithRequest;
}

type Handle = (req: Request, res: Answer) => Promise<void> | void;

/**
 * Mounts every operation of openapi.yaml under its path: paths and methods are written down there only.
 * @throws an Error when an operation has no handler or a handler no operation
 */
export function mount(router: Router, mounting: Mounting): void {
  const orphans = new Set([...Object.keys(mounting.system), ...mounting.ids]);
  for (const path of new Set(operations.map((operation) => operation.path))) {
    const own = operations.filter((operation) => operation.path === path);
    const allow = allowOf(own);
    const route = router.route(routeOf(path, own));
    route.all(noteRoute(path)).options(preflight(allow));
    // A path is public as a whole or not at all: what may be asked without a token must not depend on the method.
    if (!own.every(({ isPublic }) => isPublic))
      route.all(mounting.authenticate, mounting.resolveAccount, mounting.tokenMethods, claimedActor);
    for (const operation of own) {
      orphans.delete(operation.operationId);
      route[methodOf(operation)](handlerOf(operation, mounting));
    }
    route.all(methodNotAllowed(allow));
  }
  if (orphans.size > 0) throw new Error(`openapi.yaml lacks ${[...orphans].join(', ')}`);
}

/** openapi's template as the router has it: `{name}` → `:name`, or `*name` where it takes the rest of the path. */
function routeOf(path: string, own: readonly Operation[]): string {
  const wildcards = own.flatMap(({ parameters }) =>
    parameters.filter(({ isWildcard }) => isWildcard).map(({ name }) => name),
  );
  return path.replace(/\{(\w+)\}/g, (_, name: string) => (wildcards.includes(name) ? `*${name}` : `:${name}`));
}

function noteRoute(path: string): Middleware {
  return (_req, res, next) => {
    res.locals.route = path;
    next();
  };
}

/** HEAD is answered wherever GET is (RFC 9110, 9.1). */
function allowOf(own: readonly Operation[]): string {
  const methods = new Set(['OPTIONS', ...own.map(({ method }) => method)]);
  if (methods.has('GET')) methods.add('HEAD');
  return [...methods].sort().join(', ');
}

function methodNotAllowed(allow: string): Middleware {
  return (req, res) => {
    res.setHeader('Allow', allow);
    sendProblem(res, problem('method-not-allowed', `${req.method} is not answered here; allowed: ${allow}`));
  };
}

function methodOf({ method, operationId }: Operation): 'get' | 'head' | 'post' | 'put' | 'patch' | 'delete' {
  const name = method.toLowerCase();
  if (name === 'get' || name === 'head' || name === 'post' || name === 'put' || name === 'patch' || name === 'delete')
    return name;
  throw new Error(`openapi.yaml: ${operationId} has the unknown method ${method}`);
}

function handlerOf(operation: Operation, { system, ids, perform, withRequest }: Mounting): Handle {
  const check = requestCheck(operation);
  if (operation.isPublic) {
    const handle = system[operation.operationId];
    if (!handle) throw new Error(`no handler for ${operation.operationId}`);
    return (req, res) => {
      check.parameters(req.params, searchOf(req));
      return handle(res);
    };
  }
  if (!ids.includes(operation.operationId)) throw new Error(`no handler for ${operation.operationId}`);
  const { operationId } = operation;
  return async (req, res) => {
    const params = textOf(req.params);
    const query = check.parameters(params, searchOf(req));
    const name = params['website'] ?? params['bucket'];
    if (name !== undefined) res.locals.bucket = name;
    const taken = operation.body === undefined ? undefined : await takeBody(req, res, operation);
    if (taken === REFUSED) return;
    const body = check.body(taken);
    const resolved = res.locals.account;
    if (!resolved) throw new Error(`${operationId} was reached without an account`);
    const ifPlanMatch = req.headers['if-plan-match'];
    const { requestId: id, token, actor } = res.locals;
    // Reads are repeated as often as anybody likes.
    const key = operation.method === 'GET' ? undefined : keyOf({ account: resolved, query, body }, res);
    const asked = {
      ...(key && { key }),
      ...(ifPlanMatch !== undefined && { ifPlanMatch: String(ifPlanMatch) }),
      ...(token && { tokenId: token.id }),
      operationId,
      account: resolved,
      name: name ?? '',
      user: params['user'] ?? '',
      params,
      query,
      body,
    };
    const began = (started: string): void => res.locals.began?.(started);
    const acts = (started: string): void => res.locals.acts?.(started);
    const path = req.url.split('?', 1)[0] ?? '';
    const request = {
      id,
      method: req.method,
      path,
      tokenId: token?.id,
      actor,
      endpoint: operationId,
      key,
      began,
      acts,
    };
    // Nobody keeps who read something.
    const address = operation.method === 'GET' ? {} : { address: clientAddress(req, res.locals.config.trustProxy) };
    await withRequest({ ...request, ...address }, () => perform(asked, res));
  };
}

/** A placeholder that spans several segments comes as a list of them. */
function textOf(params: Request['params']): Readonly<Partial<Record<string, string>>> {
  const text: Record<string, string> = {};
  for (const name in params) {
    const value = params[name];
    if (value !== undefined) text[name] = Array.isArray(value) ? value.join('/') : value;
  }
  return text;
}

/** Stands for a body that was refused: the answer is out already. */
const REFUSED = Symbol('refused');

/** undefined: there is none, and none is needed. */
async function takeBody(req: Request, res: Answer, { isBodyOptional, takesYaml }: Operation): Promise<unknown> {
  const verdict = readMediaType(req.headers['content-type'], req.headers['content-encoding'], takesYaml);
  if ('problem' in verdict) {
    sendProblem(res, problem('unsupported-media-type', verdict.problem));
    return REFUSED;
  }
  if (awaitsContinue(req)) res.writeContinue();
  const read = await readBody(req, bodyLimitOf(req, res));
  if (read.kind === 'too-large') refuseTooLarge(req, res);
  if (read.kind === 'gone') res.destroy();
  if (read.kind !== 'whole') return REFUSED;
  if (isBodyOptional && String(read.bytes).trim() === '') return undefined;
  return takesYaml ? parseJsonOrYaml(read.bytes, verdict.form) : parseBody(read.bytes);
}

function searchOf(req: Request): string {
  const mark = req.url.indexOf('?');
  return mark === -1 ? '' : req.url.slice(mark + 1);
}
