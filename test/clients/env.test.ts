import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { envFile } from '../../src/domain/client/rules/env';
import { anyFolder, settings } from '../domain/client/rules/settings';
import { runProgram, withProgram } from '../support/e2e/programs';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'mallard-env-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

withProgram(
  'sh',
  'a shell reads every folder that a .env file is given as it was, and runs nothing',
  async (sh) => {
    const folders = fc.sample(anyFolder, { numRuns: 200, seed: 11 }).filter((folder) => !folder.includes("'"));
    const files = folders.map((folder, n) => {
      const file = join(directory, `${n}.env`);
      writeFileSync(file, envFile(settings({ folder })).text);
      return file;
    });
    const script = 'for file; do . "$file"; printf "%s\\0%s\\0" "$S3_BUCKET" "$S3_PREFIX"; done';
    const { code, stdout, stderr } = await runProgram(sh, ['-euc', script, 'sh', ...files], {});
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\0')).toEqual([...folders.flatMap((folder) => ['photos', `${folder}/`]), '']);
  },
  30_000,
);
