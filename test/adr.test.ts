import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A library is a decision, and decisions are written down in docs/adr. */

const root = join(__dirname, '..');
const decisions = readdirSync(join(root, 'docs/adr'))
  .map((file) => readFileSync(join(root, 'docs/adr', file), 'utf8'))
  .join('\n');
const packages = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Readonly<
  Record<'dependencies' | 'devDependencies', object>
>;

/** Type declarations come with what they declare. */
const names = Object.keys({ ...packages.dependencies, ...packages.devDependencies }).filter(
  (name) => !name.startsWith('@types/'),
);

test.each(names)('%s', (name) => {
  expect(decisions).toContain(`\`${name}\``);
});
