// Writes src/config/file-types.ts from config/schema.json, the only truth on the configuration.
// node scripts/config-types.mjs [--check]: with --check it writes nothing, and fails when the file is not what it would write.
import { readFile, writeFile } from 'node:fs/promises';
import { argv } from 'node:process';
import { compile } from 'json-schema-to-typescript';
import { format, resolveConfig } from 'prettier';
import { inProject, say } from './lib/project.mjs';

const FILE = 'src/config/file-types.ts';

const BANNER = `/**
 * Generated from config/schema.json by scripts/config-types.mjs: do not edit.
 * What may stand together is the schema's alone to say: types tell what a member is where it stands.
 */`;

/** Keywords about what may stand together: as types they would be long unions that nobody reads. */
const RULES = new Set(['oneOf', 'anyOf', 'allOf', 'dependentRequired', 'propertyNames', 'minItems']);

/** The schema as the code sees files: every secret is resolved to a string, and only objects have names of their own. */
function asSeen(node) {
  if (Array.isArray(node)) return node.map(asSeen);
  if (typeof node !== 'object' || node === null) return node;
  const { $ref, ...own } = { ...node.allOf?.find((part) => '$ref' in part), ...node };
  const shared = schema.$defs[$ref?.slice('#/$defs/'.length)];
  if (shared?.writeOnly === true || own.writeOnly === true) return { type: 'string', description: own.description };
  if (shared?.type === 'object') return { $ref };
  const members = Object.entries({ ...shared, ...own }).filter(([key]) => !RULES.has(key));
  return Object.fromEntries(members.map(([key, value]) => [key, asSeen(value)]));
}

const schema = JSON.parse(await readFile(inProject('config/schema.json'), 'utf8'));
const types = await compile({ ...asSeen(schema), title: 'ConfigFile' }, 'ConfigFile', {
  bannerComment: BANNER,
  additionalProperties: false,
  format: false,
  unreachableDefinitions: false,
});
const wanted = await format(types, { ...(await resolveConfig(inProject(FILE))), parser: 'typescript' });
const found = await readFile(inProject(FILE), 'utf8').catch(() => '');

if (!argv.includes('--check')) await writeFile(inProject(FILE), wanted);
else if (found !== wanted) {
  say(`${FILE} is not what config/schema.json says: run npm run config:types`);
  process.exitCode = 1;
}
