import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { type ClientWorld, startClientWorld } from '../support/e2e/client-world';
import { signed } from '../support/e2e/objects';
import { runProgram, withProgram } from '../support/e2e/programs';
import { fencedBlocks } from '../support/readme';

/** Object URLs with the programs that docs/objects.md speaks of. */

const PATIENCE_MS = 180_000;

let at: ClientWorld;
beforeAll(async () => {
  at = await startClientWorld();
});
afterAll(() => at.stop());

const typeOf = async (Key: string) =>
  (await at.world.auditor.s3.send(new HeadObjectCommand({ Bucket: at.bucket, Key }))).ContentType;

withProgram(
  'curl',
  'curl uploads, downloads and deletes by URL, and by form up to the limit',
  async (curl) => {
    const { world, bucket, directory } = at;
    const base = `/aws/storage/demo/${bucket}`;
    const file = join(directory, 'report.pdf');
    writeFileSync(file, 'a report');
    const answered = async (...args: readonly string[]): Promise<string> =>
      (await runProgram(curl, ['-sS', '-o', '/dev/null', '-w', '%{http_code}', ...args], {})).stdout;

    const up = await signed(world.api('POST', base, { filename: 'documents/my report.pdf', contentType: true }));
    expect(
      await answered('-X', 'PUT', '-H', 'Content-Type: application/pdf', '--data-binary', `@${file}`, up.url),
    ).toBe('200');
    const down = await signed(world.api('GET', `${base}/documents/my%20report.pdf`));
    expect((await runProgram(curl, ['-sS', down.url], {})).stdout).toBe('a report');
    const gone = await signed(world.api('DELETE', `${base}/documents/my%20report.pdf`));
    expect(await answered('-X', 'DELETE', gone.url)).toBe('204');
    expect(await answered(down.url)).toBe('404');

    for (const [contentLength, status] of [
      [8, '204'],
      [7, '400'],
    ] as const) {
      const form = await signed(world.api('POST', base, { filename: 'inbox/scan.pdf', form: true, contentLength }));
      const fields = Object.entries(form.fields ?? {}).flatMap(([name, value]) => [
        '--form-string',
        `${name}=${value}`,
      ]);
      expect(await answered(...fields, '-F', `file=@${file}`, form.url)).toBe(status);
    }
  },
  PATIENCE_MS,
);

withProgram(
  'aws',
  'the command of docs/objects.md gives old objects their type',
  async (aws) => {
    const { world, bucket, directory } = at;
    for (const Key of ['icons/a.png', 'icons/deep/b c.png', 'icons/c.txt'])
      await world.auditor.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'x' }));
    expect(await typeOf('icons/a.png')).toBe('application/octet-stream');
    const page = readFileSync(join(__dirname, '../../docs/objects.md'), 'utf8');
    const [command = ''] = fencedBlocks(page).flatMap(({ language, text }) =>
      language === 'sh' && text.includes('--metadata-directive') ? [text] : [],
    );
    const { AccessKeyId, SecretAccessKey } = await at.keyOf('BktRWGrp');
    const script = command
      .replaceAll('s3://field-notes', `s3://${bucket}`)
      .replace(/^aws/, `"${aws}" --endpoint-url ${world.target.endpoint} --region us-east-1`);
    const ended = await runProgram('bash', ['-euc', script], {
      AWS_ACCESS_KEY_ID: AccessKeyId,
      AWS_SECRET_ACCESS_KEY: SecretAccessKey,
      AWS_EC2_METADATA_DISABLED: 'true',
      HOME: directory,
    });
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 0, stderr: '' });
    expect(await Promise.all(['icons/a.png', 'icons/deep/b c.png', 'icons/c.txt'].map(typeOf))).toEqual([
      'image/png',
      'image/png',
      'application/octet-stream',
    ]);
  },
  PATIENCE_MS,
);
