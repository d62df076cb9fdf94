import * as fc from 'fast-check';
import type { DryRun } from '../../src/domain/dispatch/dry-run';
import { planDiagram } from '../../src/http/plan-diagram';
import { readFlowchart } from '../support/mermaid';

type Step = DryRun['steps'][number];

const stepOf = (title: string, more: Partial<Step> = {}): Step => ({
  title,
  touches: [],
  dependsOn: [],
  pointOfNoReturn: false,
  mayGrow: false,
  ...more,
});
const planOf = (steps: readonly Step[], more: Partial<DryRun> = {}): DryRun => ({
  kind: 'toy',
  version: 1,
  title: 'Make a toy',
  steps,
  whenDelivered: [],
  mayGrow: false,
  planDigest: `${'A'.repeat(43)}.k2dP0a`,
  ...more,
});

test('a diagram has a node for each step, arrows to those that wait, and marks the point of no return', () => {
  const steps = [
    stepOf('Create key AKIA1 of user ada'),
    stepOf('See what hangs on user ada', { mayGrow: true }),
    stepOf('Delete user ada', { dependsOn: [0, 1], pointOfNoReturn: true }),
  ];
  const whenDelivered = [stepOf('Delete key AKIA0'), stepOf('Look again', { dependsOn: [0] })];
  expect(planDiagram(planOf(steps, { whenDelivered }))).toBe(
    `flowchart TD
%% planDigest: ${'A'.repeat(43)}.k2dP0a
%% Make a toy
  s0["Create key AKIA1 of user ada"]
  s1[["See what hangs on user ada"]]
  s2["Delete user ada #40;point of no return#41;"]
  s0 --> s2
  s1 --> s2
  subgraph delivered["When the answer has arrived"]
    d0["Delete key AKIA0"]
    d1["Look again"]
    d0 --> d1
  end
  s2 -.-> delivered
  classDef pointOfNoReturn stroke-width:4px
  class s2 pointOfNoReturn
`,
  );
});

test('a diagram of a plan without steps says only which plan it is', () => {
  expect(readFlowchart(planDiagram(planOf([])))).toMatchObject({ nodes: new Map(), arrows: [], marked: [] });
});

test.each([
  '"] --> s9["x',
  'a"]\nclick s0 call alert()',
  'a\r\n%%{init: {"theme": "dark"}}%%',
  '`**bold**`',
  '<img src=x onerror=alert(1)>',
  '#quot; #35; &lt; ;',
  ']]end',
  'style x fill:#fff;',
  'na\u00efve \u{1f427} \u2028 \u202e \u0000',
  '[link](javascript:alert(1))',
])('the name %j stays inside of its label and reads as it is', (title) => {
  const text = planDiagram(planOf([stepOf(title), stepOf('Last', { dependsOn: [0] })], { title }));
  const { nodes, arrows } = readFlowchart(text);
  expect([...nodes]).toEqual([
    ['s0', title],
    ['s1', 'Last'],
  ]);
  expect(arrows).toEqual([['s0', 's1']]);
  expect(text).toMatch(/^[\x20-\x7e\n]*$/);
});

test('whatever titles there are, a diagram says what the plan does', () => {
  const title = fc.string({ minLength: 1, unit: 'binary' });
  const made = fc.array(fc.record({ title, mayGrow: fc.boolean(), pointOfNoReturn: fc.boolean() }), { maxLength: 6 });
  fc.assert(
    fc.property(made, made, (before, after) => {
      const chained = (all: readonly Partial<Step>[]) =>
        all.map((one, index) => stepOf(one.title ?? '', { ...one, dependsOn: index === 0 ? [] : [index - 1] }));
      const plan = planOf(chained(before), { whenDelivered: chained(after) });
      const { nodes, doubled, arrows, dotted, marked, subgraph } = readFlowchart(planDiagram(plan));
      const told = ({ steps, prefix }: { steps: readonly Step[]; prefix: string }) =>
        steps.map((step, index) => ({ ...step, id: `${prefix}${index}` }));
      const all = [...told({ steps: plan.steps, prefix: 's' }), ...told({ steps: plan.whenDelivered, prefix: 'd' })];
      expect([...nodes]).toEqual(
        all.map(({ id, title: text, pointOfNoReturn }) => [
          id,
          pointOfNoReturn ? `${text} (point of no return)` : text,
        ]),
      );
      expect(doubled).toEqual(all.flatMap(({ id, mayGrow }) => (mayGrow ? [id] : [])));
      expect(marked).toEqual(all.flatMap(({ id, pointOfNoReturn }) => (pointOfNoReturn ? [id] : [])));
      expect(arrows).toHaveLength(Math.max(0, before.length - 1) + Math.max(0, after.length - 1));
      expect(subgraph === undefined).toBe(after.length === 0);
      expect(dotted).toHaveLength(after.length > 0 && before.length > 0 ? 1 : 0);
    }),
  );
});
