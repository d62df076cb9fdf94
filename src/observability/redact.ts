const HIDDEN = '[redacted]';

/** Deeper than any line of ours; what lies below is cut off, which also ends cycles. */
const MAX_DEPTH = 8;

/** Keys whose values never reach a log, without hyphens and underscores, in lower case. */
const SECRET_KEYS: ReadonlySet<string> = new Set([
  'authorization',
  'proxyauthorization',
  'cookie',
  'setcookie',
  'rawheaders',
  'token',
  'tokens',
  'xauthtoken',
  'authtoken',
  'sessiontoken',
  'securitytoken',
  'xamzsecuritytoken',
  'xamzsignature',
  'secret',
  'secretkey',
  'secretaccesskey',
  'awssecretaccesskey',
  'clientsecret',
  'password',
  'passwd',
  'apikey',
  'privatekey',
  'plain',
  'externalid',
]);

/** Most keys come from our own code, again and again; those of callers must not fill the memory. */
const MAX_KNOWN = 2_000;
const known = new Map<string, boolean>();

/**
 * Tells whether a value under this key is a secret, however the key is spelled: `X-Auth-Token`, `secret_access_key` …
 */
function isSecretKey(key: string): boolean {
  const cached = known.get(key);
  if (cached !== undefined) return cached;
  const verdict = SECRET_KEYS.has(key.toLowerCase().replace(/[-_]/g, ''));
  if (known.size < MAX_KNOWN) known.set(key, verdict);
  return verdict;
}

/** What makes a signed URL one, in its query: whoever has it may use the URL. */
const SIGNED = /\b(X-Amz-(?:Signature|Credential|Security-Token)=)[^&\s"'<>]*/gi;

/** A text without the signatures of the URLs in it. */
function withoutSignatures(text: string): string {
  return text.includes('-Amz-') || text.includes('-amz-') ? text.replace(SIGNED, `$1${HIDDEN}`) : text;
}

/**
 * Copies `fields` so that no value stands under a secret key, at any depth, and no text holds a signed URL. Errors
 * become plain data without extras.
 */
export function redact(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return redactObject(fields, 0);
}

function redactObject(fields: object, depth: number): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(fields)) {
    const value = (fields as Readonly<Record<string, unknown>>)[key];
    copy[key] = isSecretKey(key) ? hide(value) : redactValue(value, depth);
  }
  return copy;
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return withoutSignatures(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '[deep]';
  if (value instanceof Error) return errorFields(value, depth + 1);
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1));
  if (hasToJson(value)) {
    return redactValue(value.toJSON(), depth + 1);
  }
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  return redactObject(value, depth + 1);
}

function hasToJson(value: object): value is { readonly toJSON: () => unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}

/** That something was there may be said; what it was may not. */
function hide(value: unknown): unknown {
  return value === undefined || value === null ? value : HIDDEN;
}

/**
 * An error as data: type, message, stack, code and causes. Further members are left out: errors of clients carry whole
 * requests, tokens included.
 */
function errorFields(error: Error, depth = 0): Record<string, unknown> {
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    type: error.name,
    message: withoutSignatures(error.message),
    stack: error.stack && withoutSignatures(error.stack),
    ...(typeof code === 'string' && { code }),
    ...(error.cause !== undefined && { cause: redactValue(error.cause, depth + 1) }),
    ...(error instanceof AggregateError && { errors: redactValue(error.errors, depth + 1) }),
  };
}
