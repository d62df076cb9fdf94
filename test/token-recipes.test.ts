import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { commandsOf, documentationPages } from './support/readme';

/** Every command of the pages that makes the SHA-256 of a token: none of them may make one of a token that is not there. */

const recipes = documentationPages(join(__dirname, '..')).flatMap(({ path, blocks }) =>
  blocks
    .filter(({ language }) => ['sh', 'bash', 'shell', 'console'].includes(language))
    .flatMap(({ text }) => commandsOf(text))
    .filter((command) => /sha-?256/i.test(command) && command.includes('TOKEN'))
    .map((command) => [path, command] as const),
);

/** What the command prints, and the variable it exports, if any. */
function perform(shell: string, command: string, token: string | undefined) {
  const exported = /^export (\w+)=/.exec(command)?.[1];
  const script = exported === undefined ? command : `${command}\nprintf %s "$${exported}"`;
  const { stdout, stderr } = spawnSync(shell, ['-c', script], {
    env: { PATH: process.env['PATH'], ...(token !== undefined && { TOKEN: token }) },
    encoding: 'utf8',
  });
  return { digest: stdout.trim(), stderr };
}

test('docs/configuration.md and docs/tokens.md have such recipes, and no other page', () => {
  expect(new Set(recipes.map(([page]) => page))).toEqual(new Set(['docs/configuration.md', 'docs/tokens.md']));
});

describe.each(recipes)('%s: %s', (_page, command) => {
  test.each(['bash', 'sh'])('with a token prints its SHA-256 (%s)', (shell) => {
    expect(perform(shell, command, 'one of the tests').digest).toBe(
      createHash('sha256').update('one of the tests').digest('hex'),
    );
  });

  test.each([
    ['bash', undefined],
    ['bash', ''],
    ['sh', undefined],
    ['sh', ''],
  ])('without a token prints nothing, and says so (%s, %j)', (shell, token) => {
    const { digest, stderr } = perform(shell, command, token);
    expect(digest).toBe('');
    expect(stderr).toContain('TOKEN: is not set');
  });
});
