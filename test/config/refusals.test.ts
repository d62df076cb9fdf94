import { readConfig } from '../../src/config/load';
import { type ConfigProblem, formatProblem } from '../../src/config/problems';
import { moreRefusedFiles } from '../support/more-refused-files';
import { minimal, refusedFiles, sha256 } from '../support/refused-files';

function problemsOf(file: unknown, env: Record<string, string> = {}): readonly ConfigProblem[] {
  const result = readConfig({ text: JSON.stringify(file), env });
  return result.ok ? [] : result.problems;
}

const refusals = [...refusedFiles, ...moreRefusedFiles];

describe('refused files name pointer, what was found and what is allowed', () => {
  test.each(refusals)('%s', (_title, file, pointer, found, allowed) => {
    const problems = problemsOf(file, { EMPTY: '', BLANK: ' \n' });
    const problem = problems.find((candidate) => candidate.pointer === pointer);
    expect(problems.map(formatProblem).join('\n')).toContain(pointer === '' ? '(whole file)' : pointer);
    expect(problem?.found).toMatch(found);
    expect(problem?.allowed).toMatch(allowed);
    // One mistake is one problem: nothing is said about what merely follows from it.
    expect(problems.filter((candidate) => candidate.pointer !== '')).toHaveLength(pointer === '' ? 0 : 1);
  });

  test('all problems at once, whatever finds them', () => {
    const pointers = problemsOf({
      listenAddres: ':80',
      token: { env: 'UNSET' },
      accounts: { a: 'text', b: { region: 'us-east-1', role: 'R', akid: 'X' } },
      operations: { store: 's3', account: 'zzz', bucket: 'B!' },
    }).map(({ pointer }) => pointer);
    expect(pointers.sort()).toEqual([
      '/accounts/a',
      '/accounts/b/id',
      '/accounts/b/secret',
      '/listenAddres',
      '/operations/account',
      '/operations/bucket',
      '/org',
      '/token',
    ]);
  });

  test('a token for an account whose settings are wrong is not refused as well', () => {
    const file = {
      ...minimal,
      token: undefined,
      accounts: { demo: 7 },
      tokens: [{ id: 'a', sha256: sha256('a'), accounts: ['demo'] }],
    };
    expect(problemsOf(file).map(({ pointer }) => pointer)).toEqual(['/accounts/demo']);
  });

  test('an element cut out of an array leaves the places of the others', () => {
    const tokens = [7, { id: 'a', sha256: sha256('a'), accounts: [8, 'nope'] }];
    expect(problemsOf({ ...minimal, token: undefined, tokens }).map(({ pointer }) => pointer)).toEqual([
      '/tokens/0',
      '/tokens/1/accounts/0',
      '/tokens/1/accounts/1',
    ]);
  });

  test('a key that stands twice', () => {
    const result = readConfig({
      text: '{"org":"a","token":"b","accounts":{"demo":{"region":"us-east-1","region":"eu-west-1"}}}',
      env: {},
    });
    expect(result).toEqual({
      ok: false,
      problems: [
        { pointer: '/accounts/demo/region', found: 'a key that stands twice in one object', allowed: 'each key once' },
      ],
    });
  });

  test('text that is no JSON, by line and column', () => {
    const result = readConfig({ text: '{\n  "org": "a"\n  "token": "b"\n}', env: {} });
    expect(!result.ok && result.problems.map(formatProblem)).toEqual([
      '(whole file): found something else at line 3, column 3; allowed: JSON, there a comma or a closing brace',
    ]);
  });

  test.each([
    ['/no/such/config.json', 'ENOENT'],
    ['config', 'EISDIR'],
  ])('the file %s that cannot be read: %s', (path, code) => {
    const result = readConfig({ path, env: {} });
    expect(!result.ok && result.problems[0]?.found).toContain(code);
  });

  test('a reader that fails without a code', () => {
    const result = readConfig({
      path: 'x',
      env: {},
      readFile: () => {
        throw new Error('half a secret');
      },
    });
    expect(!result.ok && result.problems[0]?.found).toBe('the file "x", which cannot be read (unreadable)');
  });
});
