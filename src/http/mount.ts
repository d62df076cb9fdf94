import type { Request, Router } from 'express';
import { refuseTooLarge } from './body-limit';
import { requestCheck } from './contract';
import { preflight } from './cors';
import { operations, type Operation } from './document';
import { parseBody } from './json-body';
import { mediaTypeProblem } from './media-type';
import { problem } from './problem';
import { readBody } from './read-body';
import { sendProblem } from './send';
import type { AccountHandlers, Answer, Middleware, SystemHandlers } from './types';

export interface Mounting {
  readonly system: SystemHandlers;
  readonly account: AccountHandlers;
  readonly authenticate: Middleware;
  readonly resolveAccount: Middleware;
  readonly tokenScope: Middleware;
}

type Handle = (req: Request, res: Answer) => Promise<void> | void;

/**
 * Mounts every operation of openapi.yaml under its path: paths and methods are written down there only. Ends with an
 * Error when an operation has no handler or a handler no operation.
 */
export function mount(router: Router, mounting: Mounting): void {
  const orphans = new Set([...Object.keys(mounting.system), ...Object.keys(mounting.account)]);
  for (const path of new Set(operations.map((operation) => operation.path))) {
    const own = operations.filter((operation) => operation.path === path);
    const allow = allowOf(own);
    const route = router.route(path.replace(/\{(\w+)\}/g, ':$1'));
    route.all(noteRoute(path)).options(preflight(allow));
    // A path is public as a whole or not at all: what may be asked without a token must not depend on the method.
    if (!own.every(({ isPublic }) => isPublic)) route.all(mounting.authenticate, mounting.resolveAccount, mounting.tokenScope);
    for (const operation of own) {
      orphans.delete(operation.operationId);
      route[methodOf(operation)](handlerOf(operation, mounting));
    }
    route.all(methodNotAllowed(allow));
  }
  if (orphans.size > 0) throw new Error(`openapi.yaml lacks ${[...orphans].join(', ')}`);
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
  if (name === 'get' || name === 'head' || name === 'post' || name === 'put' || name === 'patch' || name === 'delete') return name;
  throw new Error(`openapi.yaml: ${operationId} has the unknown method ${method}`);
}

function handlerOf(operation: Operation, { system, account }: Mounting): Handle {
  const check = requestCheck(operation);
  if (operation.isPublic) {
    const handle = system[operation.operationId];
    if (!handle) throw new Error(`no handler for ${operation.operationId}`);
    return (req, res) => {
      check.parameters(req.params, searchOf(req));
      return handle(res);
    };
  }
  const handle = account[operation.operationId];
  if (!handle) throw new Error(`no handler for ${operation.operationId}`);
  return async (req, res) => {
    const query = check.parameters(req.params, searchOf(req));
    const body = operation.body === undefined ? undefined : await takeBody(req, res, operation.isBodyOptional);
    if (body === REFUSED) return;
    check.body(body);
    const params = textOf(req.params);
    const { bucket = '', website = bucket, user = '' } = params;
    const resolved = res.locals.account;
    if (!resolved) throw new Error(`${operation.operationId} was reached without an account`);
    await handle({ account: resolved, name: website, user, params, query, body }, res);
  };
}

/** A placeholder that spans several segments comes as a list of them. */
function textOf(params: Request['params']): Readonly<Partial<Record<string, string>>> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, Array.isArray(value) ? value.join('/') : value]));
}

/** Stands for a body that was refused: the answer is out already. */
const REFUSED = Symbol('refused');

/** undefined: there is none, and none is needed. */
async function takeBody(req: Request, res: Answer, isOptional: boolean): Promise<unknown> {
  const wrongType = mediaTypeProblem(req.headers['content-type'], req.headers['content-encoding']);
  if (wrongType !== undefined) {
    sendProblem(res, problem('unsupported-media-type', wrongType));
    return REFUSED;
  }
  const read = await readBody(req, res.locals.config.limits.bodyBytes);
  if (read.kind === 'too-large') refuseTooLarge(req, res);
  if (read.kind === 'gone') res.destroy();
  if (read.kind !== 'whole') return REFUSED;
  return isOptional && String(read.bytes).trim() === '' ? undefined : parseBody(read.bytes);
}

function searchOf(req: Request): string {
  const mark = req.url.indexOf('?');
  return mark === -1 ? '' : req.url.slice(mark + 1);
}
