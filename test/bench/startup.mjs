// From spawn to the log line "listening", and resident memory of the idle service.
import { spawnSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { TOKEN, accountEntry } from './lib/account.mjs';
import { median, report } from './lib/report.mjs';
import { cpuMs, residentMiB, requireBundles, startService, writeConfig } from './lib/service.mjs';

/** Milliseconds and MiB. */
const START = { most: 1000 };
const IDLE_RSS = { most: 100 };
const SOURCE = 'listening within 1 s, idle RSS under 100 MB';

const RUNS = 5;
/** So long the service does nothing before its memory is read. */
const SETTLE_MS = 2000;

/** Several of each, in turns, so that other work on the processors meets all of them alike. */
async function measure(kinds) {
  const seen = kinds.map(() => ({ starts: [], cpu: [], rss: [] }));
  for (let run = 0; run < RUNS; run++) {
    for (const [index, args] of kinds.entries()) {
      const service = await startService({ args });
      seen[index].starts.push(service.startMs);
      seen[index].cpu.push(cpuMs(service.pid));
      await pause(SETTLE_MS);
      seen[index].rss.push(residentMiB(service.pid));
      await service.stop();
    }
  }
  return seen;
}

/** Start-up of a Node that does nothing: what no program can be faster than here and now. */
function emptyNode() {
  const started = performance.now();
  spawnSync(process.execPath, ['-e', '0']);
  return performance.now() - started;
}

function rows(name, { starts, cpu, rss }, rssTarget) {
  const known = (values) => (values.includes(undefined) ? undefined : median(values));
  return [
    { name: `${name}: spawn to listening`, value: median(starts), unit: 'ms', target: START, note: spread(starts) },
    { name: `${name}: processor time until then`, value: known(cpu), unit: 'ms', note: 'user and system' },
    {
      name: `${name}: idle RSS`,
      value: known(rss),
      unit: 'MiB',
      ...(rssTarget && { target: rssTarget }),
      note: spread(rss),
    },
  ];
}

const spread = (values) =>
  `median of ${values.length}, ${Math.min(...values).toFixed(0)}–${Math.max(...values).toFixed(0)}`;

requireBundles();
const config = writeConfig({ token: TOKEN, accounts: accountEntry({}) });
// Once for nothing: it brings the bundles into the page cache.
await (await startService({ args: ['--config', config] })).stop();

const empty = Array.from({ length: RUNS }, emptyNode);
const [service, quickStart] = await measure([
  ['--config', config],
  ['--sandbox', '--listen', '127.0.0.1:0'],
]);
report(
  'startup',
  [
    { name: 'an empty Node program, start to end', value: median(empty), unit: 'ms', note: spread(empty) },
    ...rows('service', service, IDLE_RSS),
    ...rows('quick start with sandbox', quickStart),
  ],
  SOURCE,
);
