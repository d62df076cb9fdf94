// Which packages are in a bundle, and the notices their licences ask us to hand on with it.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** SPDX identifiers of what may go into a program under Apache-2.0 that is handed on as one file. */
const ALLOWED = new Set(['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT']);
const LICENCE_FILE = /^(?:licen[cs]e|copying|copyright|notice)(?:[.-][\w.-]*)?$/i;

/** For packages whose authors name the licence and leave its text out. The one of Apache-2.0 is the project's own. */
const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files
(the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge,
publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do
so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE
FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION
WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/**
 * @typedef {object} Package
 * @property {string} name
 * @property {string} version
 * @property {string} licence SPDX expression, as the package has it
 * @property {readonly string[]} texts of its licence and notice files
 */

/** Folders of the packages that files come from: what follows the last `node_modules` of each path. */
export function packageFolders(files) {
  const folders = files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? []);
  return [...new Set(folders)].sort();
}

/**
 * The packages in these folders, by name. Ends with an Error that names every one that says no licence, or one that may not
 * be handed on, or that has no text for it.
 * @param {readonly string[]} folders relative to `root`
 * @param {string} root
 * @returns {readonly Package[]}
 */
export function packagesIn(folders, root) {
  const packages = folders.map((folder) => readPackage(join(root, folder), root));
  const refused = packages
    .filter(({ licence }) => !isAllowed(licence))
    .map(({ name, licence }) => `${name} (${licence || 'no licence'})`);
  if (refused.length > 0)
    throw new Error(`not to be bundled by their licences: ${refused.join(', ')}; taken are ${[...ALLOWED].join(', ')}`);
  const silent = packages.filter(({ texts }) => texts.length === 0).map(({ name, licence }) => `${name} (${licence})`);
  if (silent.length > 0) throw new Error(`without the text of their licence: ${silent.join(', ')}`);
  return packages.sort((left, right) => (left.name < right.name ? -1 : 1));
}

function readPackage(folder, root) {
  const { name, version, license, licenses, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const licence =
    typeof license === 'string'
      ? license
      : (license?.type ??
        [licenses ?? []]
          .flat()
          .map(({ type }) => type)
          .join(' OR '));
  const files = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => entry.isFile() && LICENCE_FILE.test(entry.name),
  );
  const texts = files.map((file) => readFileSync(join(folder, file.name), 'utf8').replaceAll('\r\n', '\n').trim());
  return { name, version, licence, texts: texts.length > 0 ? texts : standardText(licence, author, root) };
}

function standardText(licence, author, root) {
  const owner = typeof author === 'string' ? author : author?.name;
  if (licence === 'Apache-2.0') return [readFileSync(join(root, 'LICENSE'), 'utf8').trim()];
  return licence === 'MIT' && owner ? [`Copyright (c) ${owner}\n\n${MIT}`] : [];
}

/** One of several that the package leaves the choice of is enough. */
function isAllowed(licence) {
  return licence
    .replace(/^\((.*)\)$/, '$1')
    .split(' OR ')
    .some((one) => ALLOWED.has(one.trim()));
}

/**
 * The file that is handed on with a bundle: every package with version and licence, each text once below those that have it,
 * and at the end what stands in the code itself.
 * @param {readonly Package[]} packages
 * @param {string} comments of the code, as the bundler found them
 */
export function legalText(packages, comments = '') {
  const holders = new Map();
  for (const { name, version, texts } of packages) {
    for (const text of texts) {
      // The same text in other lines is the same text.
      const key = text.replace(/\s+/g, ' ');
      const known = holders.get(key) ?? { text, names: [] };
      holders.set(key, { ...known, names: [...known.names, `${name} ${version}`] });
    }
  }
  const rule = '-'.repeat(100);
  return [
    'This program is mallard, under the Apache License 2.0 (the file LICENSE). It contains the packages below, under their own licences.',
    '',
    ...packages.map(({ name, version, licence }) => `${name} ${version}: ${licence}`),
    ...[...holders.values()].flatMap(({ text, names }) => ['', rule, names.join('\n'), '', text]),
    ...(comments === '' ? [] : ['', rule, comments.trim()]),
    '',
  ].join('\n');
}
