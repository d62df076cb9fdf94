import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isWrite } from '../src/domain/shared/operation';
import { operationTable } from '../src/operations/table';
import { problem, type ProblemKind } from '../src/http/problem';

/** Words of the code that docs/metrics.md and docs/errors.md explain: an operator looks them up there. */

const root = join(__dirname, '..');
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
const metrics = textOf('docs/metrics.md');
const errors = textOf('docs/errors.md');
const wordsOf = (text: string): readonly string[] => [...text.matchAll(/[a-z]+(?:-[a-z]+)*/g)].map(([word]) => word);

test('docs/metrics.md lists every kind of plan as a label of its metric, and no other', async () => {
  const writes = operationTable.ids().filter(operationTable.isWrite);
  const definitions = await Promise.all(writes.map((id) => operationTable.load(id)));
  const kinds = new Set(definitions.filter(isWrite).map(({ kind }) => kind));
  const [, listed = ''] = /`mallard_plan_duration_seconds` \(histogram\) \| `kind`: `([^`]+)`/.exec(metrics) ?? [];
  expect([...wordsOf(listed)].sort()).toEqual([...kinds].sort());
});

test('docs/metrics.md has a row for every metric of the service, and its alerts use no other', () => {
  const named = (text: string): readonly string[] => text.match(/\bmallard_[a-z_]+/g) ?? [];
  const [table = '', alerts = ''] = metrics.split(/^## Alerts$/m);
  const rows = [...table.matchAll(/^\| `(mallard_[a-z_]+)`/gm)].map(([, name = '']) => name);
  const files = readdirSync(join(root, 'src/observability'), { recursive: true, encoding: 'utf8' });
  const inCode = files.flatMap((file) => (file.endsWith('.ts') ? named(textOf(`src/observability/${file}`)) : []));
  expect([...rows].sort()).toEqual([...new Set(inCode)].sort());
  const alerted = named(alerts).map((name) => name.replace(/_(?:count|bucket)$/, ''));
  expect(alerted.length).toBeGreaterThan(10);
  expect(alerted.filter((name) => !rows.includes(name))).toEqual([]);
});

test('docs/errors.md explains every type of problem, with its status', () => {
  const [, table = ''] = /^## Problem types$([\s\S]*?)^## /m.exec(errors) ?? [];
  const rows = [...table.matchAll(/^\| (`[^|]+`) \| ([^|]+) \|/gm)].flatMap(([, types = '', statuses = '']) => {
    const codes = statuses.match(/\d{3}/g) ?? [];
    return wordsOf(types).map((type, index) => [type, Number(codes[index] ?? codes[0])]);
  });
  const [, shapes = ''] = /const SHAPES[^{]*{([\s\S]*?)^};/m.exec(textOf('src/http/problem.ts')) ?? [];
  const kinds = [...shapes.matchAll(/^ {2}'?([a-z-]+)'?: {/gm)].map(([, kind]) => kind as ProblemKind);
  expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(kinds.map((kind) => [kind, problem(kind, '').status])));
});
