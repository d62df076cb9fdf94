import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GetBucketVersioningCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import ts from 'typescript';
import type { WriteOperation } from '../src/domain/shared/operation';
import { mockedAws } from './support/mocks/mocked-aws';
import { recipeFor, run, titles } from './support/mocks/mocked-run';
import { fencedBlocks } from './support/readme';

/** The code of docs/adding-an-operation.md is type-checked and run as if it lay where the page says. test/layers.test.ts lints it. */

const root = join(__dirname, '..');
const page = readFileSync(join(root, 'docs/adding-an-operation.md'), 'utf8');
const blocks = fencedBlocks(page).filter(({ language }) => language === 'ts');
const path = join(root, blocks[0]?.label ?? '');
const text = blocks[0]?.text ?? '';

/** What the page's file exports; what it imports is the code of today. */
function exportsOf(): { readonly pauseVersioning: WriteOperation<object, unknown, unknown> } {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const made = {};
  const load = (specifier: string): unknown => jest.requireActual(join(dirname(path), specifier));
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- the page's own code is what is tested
  new Function('exports', 'require', outputText)(made, load);
  return made as ReturnType<typeof exportsOf>;
}

test('the page has at most 60 lines and one file of code', () => {
  expect(page.trimEnd().split('\n').length).toBeLessThanOrEqual(60);
  expect(blocks).toHaveLength(1);
});

test('the definition of the page fits the code', () => {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (name) => readFileSync(name, 'utf8')) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => name === path || fileExists(name);
  host.readFile = (name) => (name === path ? text : readFile(name));
  host.getSourceFile = (name, language, ...rest) =>
    name === path ? ts.createSourceFile(name, text, language) : getSourceFile(name, language, ...rest);
  const program = ts.createProgram([path], options, host);
  const source = program.getSourceFile(path);
  const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  expect(found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))).toEqual([]);
}, 120_000);

test.each([
  ['with versioning is suspended by one call', 'Enabled', ['Suspended']],
  ['that never had any is left as it is', undefined, []],
] as const)('run as the page says, a bucket %s', async (_, Status, sent) => {
  const aws = await mockedAws();
  aws.s3.on(GetBucketVersioningCommand).resolves({ Status });
  const recipe = recipeFor(aws.context, exportsOf().pauseVersioning, {}, {});
  const plan = recipe.plan(await recipe.look(), 'op-1', recipe.input);
  expect(titles(plan)).toHaveLength(sent.length);
  expect(await run(aws, recipe)).toEqual({ state: 'succeeded', value: {} });
  expect(
    aws.s3
      .commandCalls(PutBucketVersioningCommand)
      .map(({ args: [{ input }] }) => input.VersioningConfiguration?.Status),
  ).toEqual(sent);
});
