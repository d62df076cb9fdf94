// How long the tests take, of two commits on this machine, one after the other:
//   node test/bench/test-time.mjs BASE HEAD [--ci] [-- PATTERN…]
// Each commit is checked out into a folder of its own and made ready (npm ci, build) before the clock starts; nothing is
// cached from before. With --ci, .ci/run is timed, too; patterns go to npm test, and make the targets say nothing.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, exit } from 'node:process';
import { inProject } from '../../scripts/lib/project.mjs';

const TARGETS = { 'npm test': 0.3, '.ci/run': 0.75 };

const words = argv.slice(2);
const end = words.indexOf('--');
const patterns = end < 0 ? [] : words.slice(end + 1);
const own = end < 0 ? words : words.slice(0, end);
const commits = own.filter((word) => !word.startsWith('--'));
if (commits.length !== 2) {
  console.error('usage: node test/bench/test-time.mjs BASE HEAD [--ci] [-- PATTERN…]');
  exit(64);
}

const commands = {
  'npm test': ['npm', 'test', ...(patterns.length > 0 ? ['--', ...patterns] : [])],
  ...(own.includes('--ci') && { '.ci/run': ['.ci/run'] }),
};

const folder = mkdtempSync(join(tmpdir(), 'mallard-test-time-'));

function must(command, args, cwd = inProject()) {
  const { status, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
  if (status === 0) return;
  console.error(`${[command, ...args].join(' ')} failed: ${stderr}`);
  exit(1);
}

/** Runs a command in a folder; gives its seconds, those of the processors, its exit code, and how many cases it says passed. */
function time(command, cwd) {
  const script = 'TIMEFORMAT="seconds %R %U %S"; time "$@"';
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', ...command], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [wall = 0, user = 0, system = 0] = /^seconds (\S+) (\S+) (\S+)$/m.exec(stderr)?.slice(1).map(Number) ?? [];
  const cases = /^Tests:.*?(\d+) passed/m.exec(stderr)?.[1] ?? /^(\d+) passed, \d+ failed$/m.exec(stdout)?.[1] ?? '?';
  return { wall, cpu: user + system, status, cases };
}

const places = commits.map((commit, index) => ({ commit, at: join(folder, String(index)) }));
let isMissed = false;
try {
  for (const { commit, at } of places) {
    must('git', ['worktree', 'add', '--detach', at, commit]);
    must('node', ['scripts/setup.mjs'], at);
  }
  console.log('| command | commit | seconds | of the processors | cases | exit code |');
  console.log('| --- | --- | ---: | ---: | ---: | ---: |');
  for (const [name, command] of Object.entries(commands)) {
    const [base, head] = places.map(({ commit, at }) => {
      const took = time(command, at);
      const cells = [name, commit, took.wall.toFixed(1), took.cpu.toFixed(1), took.cases, took.status];
      console.log(`| ${cells.join(' | ')} |`);
      return took;
    });
    const [wall, cpu] = [head.wall / base.wall, head.cpu / base.cpu];
    const isWhole = patterns.length === 0;
    const isMet = wall <= TARGETS[name];
    isMissed ||= isWhole && !isMet;
    const verdict = isWhole ? `, target ${TARGETS[name]}: ${isMet ? 'met' : 'missed'}` : '';
    console.log(`\n${name}: ${wall.toFixed(2)} of the time, ${cpu.toFixed(2)} of the processors' time${verdict}\n`);
  }
} finally {
  for (const { at } of places) spawnSync('git', ['worktree', 'remove', '--force', at], { cwd: inProject() });
  rmSync(folder, { recursive: true, force: true });
}
exit(isMissed ? 1 : 0);
