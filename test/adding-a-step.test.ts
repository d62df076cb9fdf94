import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { fencedBlocks } from './support/readme';

/** The code of docs/adding-a-step.md is type-checked as if it lay where the page says. test/layers.test.ts lints it. */

const root = join(__dirname, '..');
const pieces = new Map(
  fencedBlocks(readFileSync(join(root, 'docs/adding-a-step.md'), 'utf8'))
    .filter(({ language }) => language === 'ts')
    .map(({ label, text }) => [join(root, label), text]),
);

test('the step, the read and the plan of the page fit the code', () => {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => readFileSync(path, 'utf8')) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => pieces.has(path) || fileExists(path);
  host.readFile = (path) => pieces.get(path) ?? readFile(path);
  host.getSourceFile = (path, language, ...rest) => {
    const piece = pieces.get(path);
    return piece === undefined ? getSourceFile(path, language, ...rest) : ts.createSourceFile(path, piece, language);
  };
  const program = ts.createProgram([...pieces.keys()], options, host);
  const found = [...pieces.keys()].flatMap((path) => [
    ...program.getSyntacticDiagnostics(program.getSourceFile(path)),
    ...program.getSemanticDiagnostics(program.getSourceFile(path)),
  ]);
  expect(pieces.size).toBe(3);
  expect(found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))).toEqual([]);
}, 120_000);
