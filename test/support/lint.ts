import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Caught, Planted } from './planted-violations';

/** ESLint with the project's own configuration on planted texts, all in one process before the first test. */

const root = join(__dirname, '..', '..');

interface Finding {
  readonly rule: string | null;
  readonly message: string;
}

/** Findings by text, in the order of the texts. Only to be called where tests are described. */
export function lintedBeforeAll(texts: readonly Planted[]): (index: number) => readonly Finding[] {
  let findings: readonly (readonly Finding[])[] = [];
  beforeAll(() => {
    const output = execFileSync(process.execPath, [join(root, 'scripts/lint/lint-texts.mjs')], {
      cwd: root,
      input: JSON.stringify(texts),
      encoding: 'utf8',
      maxBuffer: 2 ** 24,
    });
    findings = JSON.parse(output) as Finding[][];
  }, 120_000);
  return (index) => findings[index] ?? [];
}

/** One test per violation: the rule finds it, and says so. */
export function expectCaught(violations: readonly Caught[], findingsOf: (index: number) => readonly Finding[]): void {
  test.each(violations.map((planted, index) => ({ ...planted, index })))('$title ($path)', ({ index, rule, says }) => {
    const messages = findingsOf(index)
      .filter((finding) => finding.rule === rule)
      .map(({ message }) => message);
    expect(messages).toContainEqual(expect.stringMatching(says));
  });
}
