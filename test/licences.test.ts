import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What is handed on with the bundles: the licence of the project, and the notices of everything that was bundled. */

const root = join(__dirname, '..');
const inOneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

interface Manifest {
  readonly name: string;
  readonly version: string;
}

/** Folders of the packages that a bundle's source map says it was made of. */
function foldersOf(bundle: string): readonly string[] {
  const { sources } = JSON.parse(readFileSync(join(root, 'dist', `${bundle}.map`), 'utf8')) as {
    readonly sources: readonly string[];
  };
  const folders = sources.flatMap(
    (source) => /^.*(node_modules\/(?:@[^/]+\/)?[^/]+)(?=\/)/.exec(source.replace(/^\.\.\//, ''))?.[0] ?? [],
  );
  return [...new Set(folders)].map((folder) => folder.replace(/^(?:\.\.\/)*/, ''));
}

describe.each(['main.js', 'sandbox.js'])('%s.LEGAL.txt', (bundle) => {
  const notices = readFileSync(join(root, 'dist', `${bundle}.LEGAL.txt`), 'utf8');
  const flat = inOneLine(notices);
  const folders = foldersOf(bundle);

  test('names every package in the bundle with its version', () => {
    const expected = folders.map((folder) => {
      const { name, version } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
      return `${name} ${version}: `;
    });
    expect(expected.length).toBeGreaterThan(5);
    expect(expected.filter((line) => !notices.includes(`\n${line}`))).toEqual([]);
  });

  test('has the text of every licence and notice file of theirs', () => {
    const texts = folders.flatMap((folder) =>
      readdirSync(join(root, folder))
        .filter((name) => /^(?:licen[cs]e|notice)(?:\.(?:md|txt))?$/i.test(name))
        .map((name) => [join(folder, name), inOneLine(readFileSync(join(root, folder, name), 'utf8'))] as const),
    );
    expect(texts.length).toBeGreaterThan(5);
    expect(texts.filter(([, text]) => !flat.includes(text)).map(([name]) => name)).toEqual([]);
  });
});

test('LICENSE is what package.json and the README say', () => {
  expect(readFileSync(join(root, 'LICENSE'), 'utf8')).toMatch(
    /^\s*Apache License\s*Version 2\.0, January 2004[\s\S]*END OF TERMS AND CONDITIONS/,
  );
  expect(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))).toMatchObject({ license: 'Apache-2.0' });
});

describe('a package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mallard-licences-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'LICENSE'), 'the text of Apache-2.0');

  /** What becomes of a bundle of this one package: the file's text, or why there is none. */
  function bundling(manifest: object, files: Readonly<Record<string, string>> = {}): string {
    const home = mkdtempSync(join(folder, 'case-'));
    mkdirSync(join(home, 'node_modules/odd'), { recursive: true });
    writeFileSync(join(home, 'LICENSE'), 'the text of Apache-2.0');
    for (const [name, text] of Object.entries({
      ...files,
      'package.json': JSON.stringify({ name: 'odd', version: '1.2.3', ...manifest }),
    })) {
      writeFileSync(join(home, 'node_modules/odd', name), text);
    }
    const script = `
      import { legalText, packageFolders, packagesIn } from ${JSON.stringify(join(root, 'scripts/lib/licences.mjs'))};
      try {
        console.log(legalText(packagesIn(packageFolders(['src/main.ts', 'node_modules/odd/lib/index.js']), ${JSON.stringify(home)}), 'a comment of the code'));
      } catch (error) {
        console.log('refused: ' + error.message);
      }`;
    return execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  }

  test.each([
    ['without a licence', {}],
    ['under the GPL', { license: 'GPL-3.0-only' }],
    ['for which others must be asked', { license: 'UNLICENSED' }],
    ['whose licence is in a file', { license: 'SEE LICENSE IN LICENSE' }],
  ])('%s stops the build, which names it', (_title, manifest) => {
    expect(bundling(manifest, { LICENSE: 'some text' })).toMatch(
      /^refused: not to be bundled by their licences: odd \(/,
    );
  });

  test('without the text of its licence stops the build, unless it is a standard one', () => {
    expect(bundling({ license: 'ISC' })).toMatch(/^refused: without the text of their licence: odd \(ISC\)/);
    expect(bundling({ license: 'MIT', author: 'A. Person' })).toMatch(
      /Copyright \(c\) A\. Person\n\nPermission is hereby granted/,
    );
    expect(bundling({ license: 'Apache-2.0' })).toContain('the text of Apache-2.0');
  });

  test('is named with licence, notice and the comments of the code', () => {
    const text = bundling(
      { license: '(GPL-2.0 OR MIT)' },
      { 'LICENSE.md': 'the text of it', NOTICE: 'what it wants said', 'index.js': 'no notice' },
    );
    expect(text).toContain('odd 1.2.3: (GPL-2.0 OR MIT)');
    for (const part of ['the text of it', 'what it wants said', 'a comment of the code']) expect(text).toContain(part);
    expect(text).not.toContain('no notice');
  });
});
