import fc from 'fast-check';
import type { ClientSettings } from '../../src/domain/client/rules/client-file';
import { clientFiles } from '../../src/domain/client/rules/tools';
import { STORE, anyFolder, settings } from '../domain/client/rules/settings';
import { runProgram, withProgram } from '../support/e2e/programs';

/** Commands that files of clients name in their comments, for people to copy into a shell. */
const commands: Readonly<
  Record<
    'aws' | 's3cmd' | 'mc',
    { readonly of: (given: ClientSettings) => string | undefined; readonly last: (folder: string) => string }
  >
> = {
  aws: {
    of: (given) => /^# {3}(aws .*)$/m.exec(clientFiles.aws(given).text)?.[1],
    last: (folder) => `s3://photos/${folder}/`,
  },
  s3cmd: {
    of: (given) => /Then: (s3cmd .*)$/m.exec(clientFiles.s3cmd(given).text)?.[1],
    last: (folder) => `s3://photos/${folder}/`,
  },
  mc: {
    of: (given) =>
      /; (mc ls .*)$/.exec((JSON.parse(clientFiles.mc(given).text) as { readonly comment: string }).comment)?.[1],
    last: (folder) => `NAME/photos/${folder}/`,
  },
};

const folders = [
  'docs',
  '$(id)',
  '`id`',
  '; id',
  '$HOME',
  "it's",
  'a "b"',
  '*',
  '~',
  ...fc.sample(anyFolder, { numRuns: 200, seed: 11 }),
];

describe.each(Object.entries(commands))('%s', (tool, { of, last }) => {
  withProgram(
    'sh',
    `${tool}: a shell hands every folder on as it was, and runs nothing`,
    async (sh) => {
      const lines = folders.map((folder) => of(settings({ folder }, STORE)) ?? '');
      expect(lines).not.toContain('');
      // Each command is the program's last argument, shown by a function in the program's place.
      const script = `${tool}() { for last; do :; done; printf '%s\\0' "$last"; }; for line; do eval "$line"; done`;
      const { code, stdout, stderr } = await runProgram(sh, ['-euc', script, 'sh', ...lines], {});
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout.split('\0')).toEqual([...folders.map(last), '']);
    },
    30_000,
  );
});
