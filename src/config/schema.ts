import Ajv2020, { type ErrorObject, type ValidateFunction } from 'ajv/dist/2020';
import document from '../../config/schema.json';
import { nearest } from '../base/nearest';
import { type ConfigProblem, describe, describeHidden, keysOf, pointerTo } from './problems';

/** A schema as the walkers here see it; only the keywords that config/schema.json uses. */
export interface SchemaNode {
  readonly $ref?: string;
  readonly description?: string;
  readonly writeOnly?: boolean;
  readonly properties?: Readonly<Record<string, SchemaNode | boolean>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly allOf?: readonly SchemaNode[];
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly type?: string | readonly string[];
  readonly $defs?: Readonly<Record<string, SchemaNode>>;
}

/** config/schema.json. */
export const configSchema = document as SchemaNode;

/** The node itself, or what it refers to, one level deep. */
function resolveRef(node: SchemaNode): SchemaNode {
  const name = node.$ref?.slice('#/$defs/'.length);
  return name === undefined ? node : { ...configSchema.$defs?.[name], ...node };
}

let compiled: ValidateFunction | undefined;

/**
 * Compiled at first use: a process that prints its version needs no validator. That the schema itself is one is for a test
 * to say: compiling what judges schemas takes as long again.
 */
function validator(): ValidateFunction {
  compiled ??= new Ajv2020({
    allErrors: true,
    verbose: true,
    strict: true,
    strictRequired: false,
    strictTypes: false,
    validateSchema: false,
    // Tidier code is dearer to make than it ever gives back.
    code: { optimize: false },
  }).compile(document);
  return compiled;
}

/**
 * Lists everything the schema has against `file`. `isHidden` tells whether the value at a pointer is a secret: it is
 * then described, not shown.
 */
export function schemaProblems(file: unknown, isHidden: (pointer: string) => boolean): readonly ConfigProblem[] {
  const validate = validator();
  if (validate(file)) return [];
  return (validate.errors ?? []).flatMap((error) => toProblem(error, isHidden));
}

function toProblem(error: ErrorObject, isHidden: (pointer: string) => boolean): readonly ConfigProblem[] {
  const at = error.instancePath;
  const parent = (error.parentSchema ?? {}) as SchemaNode;
  const params: Readonly<Record<string, unknown>> = error.params;
  const show = (value: unknown): string => (isHidden(at) ? describeHidden(value) : describe(value));

  // The branches of a choice say nothing that the choice itself does not say better.
  if (/\/(anyOf|oneOf)\/\d+\//.test(error.schemaPath)) return [];
  if (error.propertyName !== undefined) {
    return [
      {
        pointer: pointerTo(at, error.propertyName),
        found: `the name ${describe(error.propertyName)}`,
        allowed: parent.description ?? 'another name',
      },
    ];
  }
  switch (error.keyword) {
    case 'if':
    case 'propertyNames':
      return [];
    case 'additionalProperties':
      return [unknownKey(at, String(params['additionalProperty']), Object.keys(parent.properties ?? {}))];
    case 'false schema':
      return [
        {
          pointer: at,
          found: `the key ${describe(keysOf(at).at(-1))}`,
          allowed: 'leave it out: it has no meaning together with what stands beside it',
        },
      ];
    case 'required':
    case 'dependentRequired': {
      const key = String(params['missingProperty']);
      return [{ pointer: pointerTo(at, key), found: 'nothing', allowed: descriptionOf(key, at) }];
    }
    case 'oneOf':
    case 'anyOf':
      // What is no object at all is said by its type.
      return typeof error.data === 'object' && !Array.isArray(error.data) ? [choice(at, error)] : [];
    case 'enum':
      return [
        {
          pointer: at,
          found: show(error.data),
          allowed: `one of ${(parent.enum ?? []).map((value) => JSON.stringify(value)).join(', ')}`,
        },
      ];
    default:
      return [{ pointer: at, found: show(error.data), allowed: `${parent.description ?? ''}${bounds(error)}` }];
  }
}

function unknownKey(at: string, key: string, known: readonly string[]): ConfigProblem {
  const guess = nearest(key, known);
  const hint = guess === undefined ? '' : `${JSON.stringify(guess)} is the nearest; `;
  return {
    pointer: pointerTo(at, key),
    found: `the unknown key ${describe(key)}`,
    allowed: `${hint}known here are ${known.join(', ')}`,
  };
}

/** What the schema says of a key that is missing; a branch of a choice knows only its name. */
function descriptionOf(key: string, at: string): string {
  const parent = keysOf(at).reduce<SchemaNode | undefined>((node, step) => node && childOf(node, step), configSchema);
  return (parent && childOf(parent, key)?.description) ?? 'this key, which is required here';
}

/** Finds the schema of a member or element of what `node` describes; undefined when the schema knows none. */
export function childOf(node: SchemaNode, key: string): SchemaNode | undefined {
  if (node.items !== undefined) return resolveRef(node.items);
  const parts = [node, ...(node.allOf ?? []).map(resolveRef)];
  const named = parts.map(({ properties }) =>
    properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : undefined,
  );
  const child = [...named, ...parts.map((part) => part.additionalProperties)].find((part) => typeof part === 'object');
  return child && resolveRef(child);
}

function choice(at: string, error: ErrorObject): ConfigProblem {
  const branches: readonly SchemaNode[] = Array.isArray(error.schema) ? error.schema : [];
  const wanted = branches.map((branch) => (branch.required ?? []).map((key) => JSON.stringify(key)).join(' with '));
  const keys = typeof error.data === 'object' && error.data !== null ? Object.keys(error.data) : [];
  const given = branches.filter((branch) => branch.required?.every((key) => keys.includes(key)));
  return {
    pointer: at,
    found: given.length === 0 ? `neither ${wanted.join(' nor ')}` : `${wanted.join(' and ')} together`,
    allowed: `${error.keyword === 'oneOf' ? 'exactly one' : 'at least one'} of ${wanted.join(' or ')}`,
  };
}

/** The limit that was missed, for keywords whose limit the description may not name. */
function bounds(error: ErrorObject): string {
  const limit: unknown = error.params['limit'];
  switch (error.keyword) {
    case 'type':
      return ` (${[error.schema].flat().map(String).join(' or ')})`;
    case 'minimum':
      return ` (at least ${String(limit)})`;
    case 'maximum':
      return ` (at most ${String(limit)})`;
    case 'minItems':
    case 'minProperties':
      return ' (not empty)';
    case 'maxLength':
      return ` (at most ${String(limit)} characters)`;
    case 'uniqueItems':
      return ' (each only once)';
    default:
      return '';
  }
}
