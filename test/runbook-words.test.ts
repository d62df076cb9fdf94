import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { problem, type ProblemKind } from '../src/http/problem';

/** Words of the code that docs/operations.md explains: an operator looks them up there. */

const root = join(__dirname, '..');
const runbook = readFileSync(join(root, 'docs/operations.md'), 'utf8');
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
const wordsOf = (text: string): readonly string[] => [...text.matchAll(/[a-z]+(?:-[a-z]+)*/g)].map(([word]) => word);

test('every kind of plan is among the labels of its metric, and no other', () => {
  const files = readdirSync(join(root, 'src/domain'), { recursive: true, encoding: 'utf8' });
  const kinds = files.flatMap((file) =>
    !file.endsWith('.ts')
      ? []
      : [...textOf(`src/domain/${file}`).matchAll(/^ {2}kind: '([a-z-]+)',$/gm)].map(([, kind]) => kind),
  );
  const [, listed = ''] = /`mallard_plan_duration_seconds` \(histogram\) \| `kind`: `([^`]+)`/.exec(runbook) ?? [];
  expect([...wordsOf(listed)].sort()).toEqual([...kinds].sort());
});

test('every type of problem is explained with its status', () => {
  const [, table = ''] = /^## Problem types$([\s\S]*?)^## /m.exec(runbook) ?? [];
  const rows = [...table.matchAll(/^\| (`[^|]+`) \| ([^|]+) \|/gm)].flatMap(([, types = '', statuses = '']) => {
    const codes = statuses.match(/\d{3}/g) ?? [];
    return wordsOf(types).map((type, index) => [type, Number(codes[index] ?? codes[0])]);
  });
  const [, shapes = ''] = /const SHAPES[^{]*{([\s\S]*?)^};/m.exec(textOf('src/http/problem.ts')) ?? [];
  const kinds = [...shapes.matchAll(/^ {2}'?([a-z-]+)'?: {/gm)].map(([, kind]) => kind as ProblemKind);
  expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(kinds.map((kind) => [kind, problem(kind, '').status])));
});
