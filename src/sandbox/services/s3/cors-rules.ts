import { integer, many, optional, type ShapeType, struct, text } from '../../protocol/xml-shape';
import { invalidRequest } from './refusals';

/** Cross-origin rules. Source: S3 API Reference, CORSRule; S3 User Guide, "How Amazon S3 evaluates the CORS configuration". */

const ruleShape = struct({
  ID: optional(text),
  AllowedHeader: many(text),
  AllowedMethod: many(text, 1),
  AllowedOrigin: many(text, 1),
  ExposeHeader: many(text),
  MaxAgeSeconds: optional(integer),
});

export const corsShape = struct({ CORSRule: many(ruleShape, 1, 100) });

export type CorsConfiguration = ShapeType<typeof corsShape>;
export type CorsRule = ShapeType<typeof ruleShape>;

const METHODS = new Set(['GET', 'PUT', 'POST', 'DELETE', 'HEAD']);
const wildcards = (value: string): number => value.split('*').length - 1;

/**
 * Checks CORS rules and gives them back.
 * @throws {InvalidRequest} when S3 would not take them
 */
export function checkCors(configuration: CorsConfiguration): CorsConfiguration {
  for (const rule of configuration.CORSRule) {
    for (const method of rule.AllowedMethod) {
      if (!METHODS.has(method)) {
        throw invalidRequest(`Found unsupported HTTP method in CORS config. Unsupported method is ${method}`);
      }
    }
    for (const origin of rule.AllowedOrigin) {
      if (wildcards(origin) > 1) throw invalidRequest(`AllowedOrigin "${origin}" can not have more than one wildcard.`);
    }
    for (const name of rule.AllowedHeader) {
      if (wildcards(name) > 1) throw invalidRequest(`AllowedHeader "${name}" can not have more than one wildcard.`);
    }
    for (const name of rule.ExposeHeader) {
      if (wildcards(name) > 0) {
        throw invalidRequest(
          `ExposeHeader "${name}" contains wildcard. We currently do not support wildcard for ExposeHeader.`,
        );
      }
    }
  }
  return configuration;
}

function matches(pattern: string, value: string): boolean {
  const star = pattern.indexOf('*');
  if (star < 0) return pattern === value;
  const [head, tail] = [pattern.slice(0, star), pattern.slice(star + 1)];
  return value.length >= head.length + tail.length && value.startsWith(head) && value.endsWith(tail);
}

/** Finds the first rule that lets `origin` use `method` with all of `headers` (lower case). */
export function matchCors(
  configuration: CorsConfiguration | undefined,
  origin: string,
  method: string,
  headers: readonly string[],
): CorsRule | undefined {
  return configuration?.CORSRule.find(
    (rule) =>
      rule.AllowedMethod.includes(method) &&
      rule.AllowedOrigin.some((pattern) => matches(pattern, origin)) &&
      headers.every((name) => rule.AllowedHeader.some((pattern) => matches(pattern.toLowerCase(), name))),
  );
}

/** Makes the response headers a matching rule gives. */
export function corsHeaders(rule: CorsRule, origin: string): Readonly<Record<string, string>> {
  const anyone = rule.AllowedOrigin.includes('*');
  return {
    'access-control-allow-origin': anyone ? '*' : origin,
    'access-control-allow-methods': rule.AllowedMethod.join(', '),
    ...(rule.ExposeHeader.length > 0 ? { 'access-control-expose-headers': rule.ExposeHeader.join(', ') } : {}),
    ...(rule.MaxAgeSeconds === undefined ? {} : { 'access-control-max-age': String(rule.MaxAgeSeconds) }),
    ...(anyone ? {} : { 'access-control-allow-credentials': 'true' }),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  };
}
