import { fail } from '../../../../base/errors';
import { printable } from '../../../shared/names';

/**
 * CORS rules, checked before any call. What a schema can say is in openapi.yaml; the rest is S3's own.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html
 */

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CORSRule.html */
export type CorsRule = {
  readonly ID?: string;
  readonly AllowedOrigins: readonly string[];
  readonly AllowedMethods: readonly string[];
  readonly AllowedHeaders?: readonly string[];
  readonly ExposeHeaders?: readonly string[];
  readonly MaxAgeSeconds?: number;
};

export type CorsConfiguration = { readonly CORSRules: readonly CorsRule[] };

/**
 * Refuses rules that S3 refuses; `pointer` is where they stand in the body.
 * @throws {invalid} saying what is wrong
 */
export function checkCors({ CORSRules }: CorsConfiguration, pointer: string): void {
  CORSRules.forEach((rule, index) => {
    const problem = ruleProblem(rule);
    if (problem !== undefined)
      fail({
        kind: 'invalid',
        pointer: `${pointer}/CORSRules/${String(index)}`,
        detail: `rule ${String(index + 1)} of CORS: ${problem}`,
      });
  });
  const ids = CORSRules.flatMap(({ ID }) => ID ?? []);
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated !== undefined)
    fail({
      kind: 'invalid',
      pointer: `${pointer}/CORSRules`,
      detail: `two rules of CORS have the ID "${printable(repeated)}"`,
    });
}

const stars = (text: string): number => text.split('*').length - 1;

function ruleProblem({ AllowedOrigins, AllowedHeaders = [], ExposeHeaders = [] }: CorsRule): string | undefined {
  const twice = [...AllowedOrigins, ...AllowedHeaders].find((pattern) => stars(pattern) > 1);
  if (twice !== undefined) return `"${printable(twice)}" has more than one *; one is allowed`;
  const wild = ExposeHeaders.find((name) => stars(name) > 0);
  if (wild !== undefined)
    return `"${printable(wild)}" in ExposeHeaders has a *, which S3 does not take there: name each header`;
  return undefined;
}
