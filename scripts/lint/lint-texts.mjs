// Lints texts as if they were files of the project: what test/layers.test.ts plants its violations with. ESLint loads its
// configuration with import(), which jest's module system cannot do, so this is a program of its own.
// stdin: JSON [{path, text, typed}], stdout: JSON [[{rule, message}]] in the same order. `typed` texts are linted with
// type information and need the path of a file that exists.
import { text as textOf } from 'node:stream/consumers';
import process from 'node:process';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { inProject, root } from '../lib/project.mjs';

const typed = new ESLint({ cwd: root });
const untyped = new ESLint({
  cwd: root,
  overrideConfig: [{ files: ['**/*.ts'], ...tseslint.configs.disableTypeChecked }],
});

const texts = JSON.parse(await textOf(process.stdin));
const findings = [];
for (const { path, text, typed: needsTypes } of texts) {
  const [result] = await (needsTypes ? typed : untyped).lintText(text, { filePath: inProject(path) });
  findings.push(result.messages.map(({ ruleId, message }) => ({ rule: ruleId, message })));
}
process.stdout.write(JSON.stringify(findings));
