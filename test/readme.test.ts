import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import {
  type Block,
  commandsOf,
  fencedBlocks,
  newValues,
  withoutNewValues,
  withoutNewValuesIn,
} from './support/readme';

/**
 * Every command of README.md is run here against a quick start, in the page's order, and its answer compared with the one
 * the page shows; or it is one of those that `.ci/run` runs.
 */

const root = join(__dirname, '..');
const blocks = fencedBlocks(readFileSync(join(root, 'README.md'), 'utf8'));
const ci = readFileSync(join(root, '.ci/run'), 'utf8');

/** Commands too large for a test, and the line of `.ci/run` that runs each or checks what it does. */
const BY_CI: Readonly<Record<string, string>> = {
  'npm start': 'node scripts/smoke.mjs',
  'npm test': 'npm test',
  'docker build': 'node scripts/check-image.mjs',
  'docker run': 'node scripts/check-image.mjs',
};

/** What is run here. */
const RUN_HERE = /^(?:curl|aws|node dist\/main\.js|echo) /;
const ASSIGNMENT = /^(?:export )?[A-Z_0-9]+=/;

const byCi = (command: string): string | undefined =>
  Object.keys(BY_CI).find((start) => command === start || command.startsWith(`${start} `));

/** The AWS CLI takes seconds to start. */
const PATIENCE_MS = 120_000;

/** A shell block that is run here, with the answer the page shows below it. */
interface Part {
  readonly commands: readonly string[];
  readonly shown: Block | undefined;
}

const parts: readonly Part[] = blocks.flatMap((block, index) => {
  const commands = block.language === 'sh' ? commandsOf(block.text) : [];
  const next = blocks[index + 1];
  const shown = next !== undefined && next.label === '' && ['json', 'text'].includes(next.language) ? next : undefined;
  return commands.length > 0 && commands.every((command) => byCi(command) === undefined) ? [{ commands, shown }] : [];
});

/**
 * Without the AWS CLI its blocks are skipped, and those between them, which need what they did. `.ci/run` installs it, so
 * there it must be.
 */
const hasAws = process.env['CI'] !== undefined || spawnSync('aws', ['--version']).status === 0;
const usesAws = parts.map(({ commands }) => commands.some((command) => /(?:^|\| )aws /.test(command)));
const canRun = (part: Part): boolean => {
  const index = parts.indexOf(part);
  return hasAws || index < usesAws.indexOf(true) || index > usesAws.lastIndexOf(true);
};

const banner = blocks.find(({ language, text }) => language === 'text' && text.startsWith('mallard '))?.text ?? '';
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

describe('every command of the README', () => {
  const shell = blocks.filter(({ language }) => language === 'sh').map(({ text }) => commandsOf(text));

  test('is run here or by .ci/run', () => {
    const unknown = shell
      .flat()
      .filter((command) => byCi(command) === undefined && !RUN_HERE.test(command) && !ASSIGNMENT.test(command));
    expect(shell.flat().length).toBeGreaterThan(10);
    expect(unknown).toEqual([]);
  });

  test('is in a block that is run as a whole', () => {
    const isMixed = (commands: readonly string[]) =>
      new Set(commands.map((command) => byCi(command) === undefined)).size > 1;
    expect(shell.filter(isMixed)).toEqual([]);
  });

  test.each(Object.entries(BY_CI))('%s is covered by the step %s', (_command, step) => {
    expect(ci).toContain(step);
  });
});

describe('on a quick start', () => {
  let started: QuickStart;
  let folder: string;
  /** What the page shows → what this run has in its place. */
  const ours = new Map<string, string>();
  let settings: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mallard-readme-'));
    symlinkSync(join(root, 'dist'), join(folder, 'dist'));
    for (const { label, text } of blocks) if (label !== '') writeFileSync(join(folder, label), text);
    started = await quickStart();
    for (const [shown, actual] of newValues(banner, started.banner)) ours.set(shown, actual);
    // Of the two addresses of a quick start the banner shows one.
    const shownEndpoint = /AWS_ENDPOINT_URL=(\S+)/.exec(blocks.map(({ text }) => text).join(''))?.[1] ?? '';
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

  test('the banner is the one shown', () => {
    const lines = withoutNewValues(banner).trim();
    expect(lines).not.toBe('');
    expect(withoutNewValues(started.banner)).toContain(lines);
  });

  const perform = async ({ commands, shown }: Part): Promise<void> => {
    const script = [...settings, ...commands].map((command) =>
      [...ours].reduce((text, [from, to]) => text.replaceAll(from, to), command),
    );
    settings = [...settings, ...commands.filter((command) => ASSIGNMENT.test(command))];

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

  for (const part of parts) {
    const [first = ''] = (part.commands.find((command) => !ASSIGNMENT.test(command)) ?? part.commands[0] ?? '').split(
      '\n',
    );
    (canRun(part) ? test : test.skip)(first, () => perform(part), PATIENCE_MS);
  }

  test('the bookmark was saved', () => {
    expect(readFileSync(join(folder, 'field-notes.duck'), 'utf8')).toContain('<string>/field-notes</string>');
  });
});

describe('the README', () => {
  const page = readFileSync(join(root, 'README.md'), 'utf8');

  test('links to files that are there', () => {
    const targets = [...page.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, target = '']) => target);
    expect(targets.length).toBeGreaterThan(0);
    expect(targets.filter((target) => !existsSync(join(root, target)))).toEqual([]);
  });
});
