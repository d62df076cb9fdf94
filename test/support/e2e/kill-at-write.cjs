// Loaded by Node before the program (`--require`): ends it at a change of a folder. KILL_ORDER names a file; while that is there
// its text says when: `before 3` or `after 3`, changes counted since, or `never`. What was counted stands beside it, in `.count`.
'use strict';
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const promises = require('node:fs/promises');

const { KILL_IN: folder, KILL_ORDER: order } = process.env;
let count = 0;

const kill = () => {
  process.kill(process.pid, 'SIGKILL');
  // The signal may take a moment; nothing may happen in it.
  for (;;);
};

for (const name of ['rename', 'rm']) {
  const change = promises[name];
  promises[name] = async (path, ...rest) => {
    if (!String(path).startsWith(folder) || !existsSync(order)) return change(path, ...rest);
    count += 1;
    writeFileSync(`${order}.count`, String(count));
    const [side, at] = readFileSync(order, 'utf8').split(' ');
    const isNow = Number(at) === count;
    if (isNow && side === 'before') kill();
    const result = await change(path, ...rest);
    if (isNow) kill();
    return result;
  };
}
