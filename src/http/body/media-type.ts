import { parse } from 'content-type';

/** What a body is to be read as; `either` is JSON or YAML, whichever it turns out to be. */
export type BodyForm = 'json' | 'yaml' | 'either';

export type MediaVerdict =
  | { readonly form: BodyForm }
  /** Why a body with these headers is not taken. */
  | { readonly problem: string };

/**
 * Tells what a body with these headers is read as. No type, and curl's default for `-d`, count as JSON, or as YAML
 * where the route takes it: that is what old clients send.
 */
export function readMediaType(
  contentType: string | undefined,
  contentEncoding: string | undefined,
  takesYaml = false,
): MediaVerdict {
  const wanted = takesYaml ? 'JSON or YAML' : 'JSON';
  if (contentEncoding !== undefined && contentEncoding.trim().toLowerCase() !== 'identity') {
    return { problem: `compressed bodies are not taken; send the ${wanted} as it is` };
  }
  const header = contentType ?? '';
  const { type, parameters } = parse(header);
  const form = formOf(type, takesYaml);
  if (form === undefined) {
    const how = takesYaml ? 'application/json or application/yaml' : 'application/json';
    return { problem: `the body must be ${wanted}; send it with Content-Type: ${how}` };
  }
  const charset = parameters['charset'] ?? (CHARSET.test(header) ? 'unfinished' : 'utf-8');
  if (!UTF8.has(charset.toLowerCase())) return { problem: `the body must be ${wanted} in UTF-8` };
  return { form };
}

/** A charset that the library passes over, when it has no value or a quote that does not end. */
const CHARSET = /;[\t ]*charset[\t ]*(?:[=;]|$)/i;

/** ASCII is UTF-8, too. */
const UTF8: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii']);

/** RFC 9512 and its forerunners. */
const YAML: ReadonlySet<string> = new Set(['application/yaml', 'application/x-yaml', 'text/yaml', 'text/x-yaml']);

function formOf(type: string, takesYaml: boolean): BodyForm | undefined {
  if (type === '' || type === 'application/x-www-form-urlencoded') return takesYaml ? 'either' : 'json';
  if (type === 'application/json' || /^[a-z]+\/[\w.!#$&^-]+\+json$/.test(type)) return 'json';
  return takesYaml && YAML.has(type) ? 'yaml' : undefined;
}
