// How many AWS calls each operation makes one after another: every call is held, so calls that can run at the same time do.
// Depth is the longest chain of calls each of which began after the one before had ended.
import { argv } from 'node:process';
import { AUTH } from './account.mjs';
import { median, report } from './report.mjs';

const HELD_MS = 100;
/** A processor that is busy elsewhere can only make calls drift apart: the least depth seen is the true one. */
export const ROUNDS = 3;

/**
 * @typedef {object} Depths
 * @property {(origin: string) => void} speakTo the account's URL of the service that requests go to from now on
 * @property {(method: string, path: string, body?: unknown) => Promise<string>} call sends a request that must succeed
 * @property {(name: string, method: string, path: string, body?: unknown) => Promise<void>} observe the same, and notes what it cost on the AWS side
 * @property {(bench: string, titles: Record<string, string>, most: Record<string, number>, source: string) => void} report
 */

/** @param sandbox the AWS that the service speaks to; with --calls every observation lists its calls. @returns {Depths} */
export function depthsOn(sandbox) {
  /** By operation: depths, numbers of calls, milliseconds. */
  const seen = new Map();
  let base = '';

  async function call(method, path, body) {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { ...AUTH, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text;
  }

  async function observe(name, method, path, body) {
    const held = sandbox.faults.add({ kind: 'latency', ms: HELD_MS });
    sandbox.calls.clear();
    const started = performance.now();
    await call(method, path, body);
    const ms = performance.now() - started;
    held.remove();
    const all = sandbox.calls.all();
    const notes = seen.get(name) ?? { depths: [], calls: [], ms: [] };
    notes.depths.push(sandbox.calls.depth());
    notes.calls.push(all.length);
    notes.ms.push(ms);
    seen.set(name, notes);
    if (argv.includes('--calls')) console.log(`${name}\n${timeline(all)}`);
  }

  return {
    speakTo: (url) => {
      base = url;
    },
    call,
    observe,
    report: (bench, titles, most, source) =>
      report(
        bench,
        Object.entries(titles).map(([operation, name]) => {
          const { depths, calls, ms } = seen.get(operation);
          return {
            name,
            value: Math.min(...depths),
            unit: 'calls deep',
            ...(operation in most && { target: { most: most[operation] } }),
            note: `${median(calls)} calls; at best ${(Math.min(...ms) / HELD_MS).toFixed(1)} × ${HELD_MS} ms; depths seen ${depths.join(' ')}`,
          };
        }),
        source,
      ),
  };
}

/** The calls in the order they began, those that ran side by side on one line. */
function timeline(calls) {
  const waves = [];
  for (const record of calls) {
    const wave = waves.at(-1);
    if (wave !== undefined && record.started < wave.ends) {
      wave.names.push(record.operation);
      wave.ends = Math.min(wave.ends, record.ended);
    } else waves.push({ names: [record.operation], ends: record.ended });
  }
  return waves.map(({ names }, index) => `  ${index + 1}. ${names.join(' ')}`).join('\n');
}
