// What every bench prints: a small table for people, one JSON line for programs, and the exit code.
import { availableParallelism, cpus, loadavg } from 'node:os';

/**
 * @typedef {object} Row
 * @property {string} name
 * @property {number | undefined} value undefined: it cannot be measured on this system
 * @property {string} unit
 * @property {{most: number} | {least: number}} [target] none: for information
 * @property {string} [note]
 */

/** @param {Row} row */
function isMet({ value, target }) {
  if (target === undefined) return undefined;
  if (value === undefined) return false;
  return 'most' in target ? value <= target.most : value >= target.least;
}

/** @param {Row} row */
function targetText({ target }) {
  if (target === undefined) return '';
  return 'most' in target ? `≤ ${target.most}` : `≥ ${target.least}`;
}

/**
 * Prints the table and the JSON line; the process ends with 1 when a target is missed.
 * @param {string} bench
 * @param {readonly Row[]} rows
 * @param {string} source where the targets come from
 */
export function report(bench, rows, source) {
  const cells = rows.map((row) => {
    const met = isMet(row);
    return [
      row.name,
      format(row.value),
      row.unit,
      targetText(row),
      met === undefined ? '' : met ? 'met' : 'MISSED',
      row.note ?? '',
    ];
  });
  console.log(`\n${bench}: ${source}`);
  printTable([['', 'measured', 'unit', 'target', '', ''], ...cells]);
  const system = {
    node: process.version,
    cpus: availableParallelism(),
    cpu: cpus()[0]?.model ?? 'unknown',
    load: loadavg()[0],
  };
  // Other work on the same processors makes every number worse than it is.
  console.log(`\nNode ${system.node}, ${system.cpus} CPUs (${system.cpu}), load ${system.load?.toFixed(2)}`);
  const ok = rows.every((row) => isMet(row) !== false);
  console.log(JSON.stringify({ bench, ok, rows: rows.map((row) => ({ ...row, ok: isMet(row) })), system }));
  if (!ok) process.exitCode = 1;
}

const format = (value) =>
  value === undefined ? 'n/a' : Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 2 : 1);

function printTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) {
    console.log(
      `  ${row
        .map((cell, column) => (column === 1 ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
        .join('  ')
        .trimEnd()}`,
    );
  }
}

/** @param {readonly number[]} values at least one */
export function median(values) {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
