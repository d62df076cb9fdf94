import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import {
  type Block,
  commandsOf,
  documentationPages,
  headingAnchors,
  newValues,
  type Page,
  withoutNewValues,
  withoutNewValuesIn,
} from './support/readme';

/**
 * Runs every command of README.md and of docs/ against one quick start, and compares its answer with the one the page shows. README.md comes
 * first. Each other page goes on from it and needs no third page. What is too large for that, `.ci/run` runs.
 */

const root = join(__dirname, '..');
const pages = documentationPages(root);
const [readme] = pages;
const ci = readFileSync(join(root, '.ci/run'), 'utf8');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** Commands too large for a test, and the line of `.ci/run` that runs each or checks what it does. */
const BY_CI: Readonly<Record<string, string>> = {
  'npm start': 'node scripts/smoke.mjs',
  'npm test': 'npm test',
  'docker build': 'node scripts/check-image.mjs',
  'docker run': 'node scripts/check-image.mjs',
};

/** What is run here. */
const RUN_HERE = /^(?:curl|aws|node dist\/main\.js|echo|: "\$\{TOKEN) ?/;
const ASSIGNMENT = /^(?:export )?[A-Z_0-9]+=/;
/** Programs that readers have on their own computers: `test/clients` runs those that can be had. */
const OF_READERS = /^(?:rclone|aws --profile|mc|winscp\.exe) /;

const byCi = (command: string): string | undefined =>
  Object.keys(BY_CI).find((start) => command === start || command.startsWith(`${start} `));

/** The AWS CLI takes seconds to start. */
const PATIENCE_MS = 120_000;

/** A shell block that is run here, with the answer the page shows right below it. */
interface Part {
  readonly page: string;
  readonly commands: readonly string[];
  readonly shown: Block | undefined;
}

const parts: readonly Part[] = pages.flatMap(({ path, blocks }) =>
  blocks.flatMap((block, index) => {
    const commands = block.language === 'sh' ? commandsOf(block.text) : [];
    const next = blocks[index + 1];
    const shown =
      next !== undefined && next.label === '' && ['json', 'text'].includes(next.language) ? next : undefined;
    return commands.length > 0 && commands.every((command) => byCi(command) === undefined)
      ? [{ page: path, commands, shown }]
      : [];
  }),
);

/** Without the AWS CLI its blocks are skipped. `.ci/run` installs it, so there it must be. */
const hasAws = process.env['CI'] !== undefined || spawnSync('aws', ['--version']).status === 0;
const usesAws = ({ commands }: Part): boolean => commands.some((command) => /(?:^|\| )aws /.test(command));

const banner =
  readme?.blocks.find(({ language, text }) => language === 'text' && text.startsWith('mallard '))?.text ?? '';
const run = promisify(execFile);

interface QuickStart {
  readonly banner: string;
  /** Of the sandbox. */
  readonly endpoint: string;
}

/** What `quickStart` has started, also when it did not come to listen. */
let service: ChildProcess | undefined;

async function quickStart(): Promise<QuickStart> {
  const env = { ...process.env, NODE_ENV: 'production', MALLARD_SANDBOX_TOKEN: '', MALLARD_CONFIG: '' };
  const child = spawn(process.execPath, [join(root, 'dist/main.js'), '--sandbox', '--listen', '127.0.0.1:0'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  service = child;
  let printed = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed += text));
  let endpoint = '';
  for await (const line of createInterface({ input: child.stdout })) {
    const entry = JSON.parse(line) as { readonly msg: string; readonly endpoint?: string };
    endpoint = entry.endpoint ?? endpoint;
    if (entry.msg === 'listening') break;
  }
  child.stdout.resume();
  while (!printed.includes('curl ')) await once(child.stderr, 'data');
  return { banner: printed, endpoint };
}

describe('every command of the pages', () => {
  const shell = pages.flatMap(({ path, blocks }) =>
    blocks.filter(({ language }) => language === 'sh').map(({ text }) => ({ path, commands: commandsOf(text) })),
  );
  const commands = shell.flatMap((block) => block.commands);

  test('in a sh block is run here or by .ci/run', () => {
    const unknown = commands.filter(
      (command) => byCi(command) === undefined && !RUN_HERE.test(command) && !ASSIGNMENT.test(command),
    );
    expect(commands.length).toBeGreaterThan(40);
    expect(unknown).toEqual([]);
  });

  test('in a sh block is run or left to .ci/run together with the rest of its block', () => {
    const isMixed = (block: readonly string[]) => new Set(block.map((command) => byCi(command) === undefined)).size > 1;
    expect(shell.filter((block) => isMixed(block.commands))).toEqual([]);
  });

  test('in a bash block begins with a program of the reader', () => {
    const others = pages.flatMap(({ blocks }) =>
      blocks
        .filter(({ language }) => language === 'bash')
        .flatMap(({ text }) => commandsOf(text))
        .filter((command) => !OF_READERS.test(command)),
    );
    expect(others).toEqual([]);
  });

  test('is in a sh or bash block, not among the answers', () => {
    const answers = pages.flatMap(({ blocks }) => blocks.filter(({ language }) => language === 'text'));
    expect(answers.filter(({ text }) => /^(?:curl|aws|npm|docker) /m.test(text))).toEqual([]);
  });

  test.each(Object.entries(BY_CI))('that begins with %s is covered by the step %s of .ci/run', (_command, step) => {
    expect(ci).toContain(step);
  });

  test('in running text that begins with npm run names a script of package.json', () => {
    const named = pages.flatMap(({ text }) => [...text.matchAll(/`npm run ([a-z:-]+)/g)].map(([, name = '']) => name));
    expect(named).toContain('coverage');
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe('on a quick start', () => {
  let started: QuickStart;
  let folder: string;
  /** What the pages show → what this run has in its place. */
  const ours = new Map<string, string>();
  /** The variables that a page has set, and README.md, which all pages go on from. */
  const settings = new Map<string, string[]>();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mallard-readme-'));
    symlinkSync(join(root, 'dist'), join(folder, 'dist'));
    for (const { blocks } of pages)
      for (const { label, text } of blocks)
        if (/^[\w-]+\.[\w.-]+$/.test(label)) writeFileSync(join(folder, label), text);
    started = await quickStart();
    for (const [shown, actual] of newValues(banner, started.banner)) ours.set(shown, actual);
    // Of the two addresses of a quick start the banner shows one.
    const shownEndpoint = /AWS_ENDPOINT_URL=(\S+)/.exec(readme?.text ?? '')?.[1] ?? '';
    ours.set(shownEndpoint.replace('http://', ''), started.endpoint.replace('http://', ''));
  });

  afterAll(async () => {
    if (service?.exitCode === null) {
      const ended = once(service, 'exit');
      service.kill('SIGTERM');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  });

  test('the banner is the one that README.md shows', () => {
    const lines = withoutNewValues(banner).trim();
    expect(lines).not.toBe('');
    expect(withoutNewValues(started.banner)).toContain(lines);
  });

  const perform = async ({ page, commands, shown }: Part): Promise<void> => {
    const own = settings.get(page) ?? [];
    const first = page === 'README.md' ? [] : (settings.get('README.md') ?? []);
    const script = [...first, ...own, ...commands].map((command) =>
      [...ours].reduce((text, [from, to]) => text.replaceAll(from, to), command),
    );
    settings.set(page, [...own, ...commands.filter((command) => ASSIGNMENT.test(command))]);

    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script.join('\n')], {
      cwd: folder,
      // The clients must meet the sandbox, not this shell's own settings.
      env: { PATH: process.env['PATH'], HOME: folder, AWS_EC2_METADATA_DISABLED: 'true', NO_PROXY: '127.0.0.1' },
    });

    if (shown?.language === 'json') {
      const answer = JSON.parse(stdout) as unknown;
      expect(withoutNewValuesIn(answer)).toEqual(withoutNewValuesIn(JSON.parse(shown.text)));
    } else if (shown?.language === 'text') {
      expect(withoutNewValues(stdout).trim()).toBe(withoutNewValues(shown.text).trim());
    }
    for (const [from, to] of newValues(shown?.text ?? '', stdout)) ours.set(from, to);
  };

  /** The object that the AWS CLI puts into the first bucket, for the pages that go on from there. */
  async function uploadWithoutAws(): Promise<void> {
    const token = /^ {2}token +(\S+)$/m.exec(started.banner)?.[1] ?? '';
    const address = /^ {2}address +(\S+)$/m.exec(started.banner)?.[1] ?? '';
    const signed = await fetch(`${address}/v1/s3/demo/buckets/field-notes/objects`, {
      method: 'POST',
      headers: { 'X-Auth-Token': token, 'Content-Type': 'application/json' },
      body: JSON.stringify({ filename: 'notes.txt' }),
    });
    const { url } = (await signed.json()) as { readonly url: string };
    expect((await fetch(url, { method: 'PUT', body: 'first entry\n' })).status).toBe(200);
  }

  const titleOf = ({ commands }: Part): string =>
    (commands.find((command) => !ASSIGNMENT.test(command)) ?? commands[0] ?? '').split('\n')[0] ?? '';

  describe.each(pages.filter(({ path }) => parts.some(({ page }) => page === path)))('$path', ({ path }: Page) => {
    for (const part of parts.filter(({ page }) => page === path)) {
      (hasAws || !usesAws(part) ? test : test.skip)(
        `${titleOf(part)} ${part.shown === undefined ? 'succeeds' : 'answers as shown'}`,
        () => perform(part),
        PATIENCE_MS,
      );
    }
    if (path === 'README.md' && !hasAws) test('without the AWS CLI, the first object is uploaded', uploadWithoutAws);
  });

  test('the bookmark that docs/clients.md saves opens its bucket', () => {
    expect(readFileSync(join(folder, 'field-notes.duck'), 'utf8')).toContain('<string>/field-notes</string>');
  });
});

describe('the pages', () => {
  const links = pages.flatMap(({ path, text }) =>
    [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)].map(([, file = '', anchor]) => ({
      path,
      target: file === '' ? path : join(dirname(path), file),
      anchor,
    })),
  );

  test('link to files that exist', () => {
    expect(links.length).toBeGreaterThan(40);
    expect(links.filter(({ target }) => !existsSync(join(root, target)))).toEqual([]);
  });

  test('link to headings that exist', () => {
    const broken = links.filter(
      ({ target, anchor }) =>
        anchor !== undefined && !headingAnchors(readFileSync(join(root, target), 'utf8')).includes(anchor),
    );
    expect(broken).toEqual([]);
  });

  test('are all found from README.md, which is no longer than 200 lines', () => {
    const linked = new Set(links.filter(({ path }) => path === 'README.md').map(({ target }) => target));
    expect(pages.map(({ path }) => path).filter((path) => path !== 'README.md' && !linked.has(path))).toEqual([]);
    expect(readme?.text.trimEnd().split('\n').length).toBeLessThanOrEqual(200);
  });
});
