/**
 * Why a body with these headers is not taken, or undefined when it may be JSON. No type, and curl's default for `-d`,
 * count as JSON: that is what old clients send.
 */
export function mediaTypeProblem(contentType: string | undefined, contentEncoding: string | undefined): string | undefined {
  if (contentEncoding !== undefined && contentEncoding.trim().toLowerCase() !== 'identity') {
    return 'compressed bodies are not taken; send the JSON as it is';
  }
  if (contentType === undefined || contentType.trim() === '') return undefined;
  const [type = '', ...parameters] = contentType.toLowerCase().split(';');
  if (!isJson(type.trim())) return 'the body must be JSON; send it with Content-Type: application/json';
  for (const parameter of parameters) {
    const [name = '', value = ''] = parameter.split('=', 2);
    if (name.trim() === 'charset' && !UTF8.has(value.trim().replace(/^"(.*)"$/, '$1'))) return 'the body must be JSON in UTF-8';
  }
  return undefined;
}

/** ASCII is UTF-8, too. */
const UTF8: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii']);

function isJson(type: string): boolean {
  return type === 'application/json' || type === 'application/x-www-form-urlencoded' || /^[a-z]+\/[\w.!#$&^-]+\+json$/.test(type);
}
