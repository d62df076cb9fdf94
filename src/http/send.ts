import { encoderOf } from './contract/encode';
import { encoderAt } from './contract/schema-encoder';
import type { DryRun } from '../domain/dispatch/dry-run';
import { planDiagram } from './plan-diagram';
import type { Answer } from './types';
import type { Problem } from './problem';

export const JSON_TYPE = 'application/json; charset=utf-8';

/** Writes the JSON of an operation's answer: what its schema in openapi.yaml makes of the domain's value. */
export const answerText = (operationId: string, status: number, value: unknown): string =>
  JSON.stringify(encoderOf(operationId, status)(value));

/** Answers with JSON for an operation of openapi.yaml. Node leaves the body out of answers to HEAD. */
export function sendAnswer(res: Answer, operationId: string, status: number, value: unknown): void {
  send(res, status, JSON_TYPE, answerText(operationId, status, value));
}

/** Answers with what a write would do. It has a media type of its own: nobody takes it for the answer of the write. */
export function sendPlan(res: Answer, plan: DryRun, format: string | undefined): void {
  // Registered without a charset; the diagram is ASCII. https://www.iana.org/assignments/media-types/application/vnd.mermaid
  if (format === 'mermaid') return send(res, 200, 'application/vnd.mermaid', planDiagram(plan));
  const body = JSON.stringify(encoderAt('/components/schemas/DryRun')(plan));
  send(res, 200, 'application/vnd.mallard.plan+json; charset=utf-8', body);
}

export function send(res: Answer, status: number, contentType: string, body: string): void {
  // The caller has left: Node would report what is written now as an error nobody listens for.
  if (res.destroyed) return;
  res.statusCode = status;
  res.setHeader('Content-Type', contentType);
  res.setHeader('Content-Length', Buffer.byteLength(body));
  res.end(body);
}

/**
 * Answers with a problem document. When an answer is already on its way nothing true can be said any more: the
 * connection is cut so that nobody takes the torn answer for a whole one.
 */
export function sendProblem(res: Answer, problem: Problem): void {
  if (res.headersSent) {
    res.destroy();
    return;
  }
  const { requestId, operationId } = res.locals;
  res.locals.problem = problem.kind;
  if (problem.retryAfterSeconds !== undefined) res.setHeader('Retry-After', problem.retryAfterSeconds);
  const { type, title, status, detail, ...more } = problem.members;
  const document = {
    type,
    title,
    status,
    detail,
    instance: instanceOf(res.req.url),
    requestId,
    ...(operationId !== undefined && { operationId }),
    ...more,
  };
  send(res, problem.status, 'application/problem+json; charset=utf-8', JSON.stringify(document));
}

/**
 * Writes the path as an URI reference (RFC 3986): what may not stand in one is percent-encoded; the query is left out.
 */
export function instanceOf(url: string): string {
  const path = url.split(/[?#]/, 1)[0] ?? '';
  return path
    .replace(/^\/{2,}/, '/')
    .replace(/%(?![0-9A-Fa-f]{2})/g, '%25')
    .replace(/[^\w\-.~!$&'()*+,;=:@%/]/g, (character) => encodeURIComponent(character));
}
