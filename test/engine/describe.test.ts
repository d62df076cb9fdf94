import { planAsMermaid, planAsText } from '../../src/engine/describe';
import { answer, definePlan } from '../../src/engine/plan';

const nothing = async (): Promise<void> => undefined;

const plan = definePlan('delete-thing', 'Delete "photos"', (step) => {
  const off = step({ title: 'Turn photos off', run: nothing });
  const log = step({ title: 'Stop its log', run: nothing });
  const gone = step({ title: 'Delete photos', run: nothing, after: [log, off], pivot: true });
  step({ title: 'Delete <b>"a_b"</b> & `c`; #1 [x] {y} 🦆 é', run: nothing, after: [gone] });
  return answer({}, () => undefined);
});

test('as text: numbered, with what each step waits for', () => {
  expect(planAsText(plan)).toBe(
    [
      'Delete "photos"',
      '1. Turn photos off',
      '2. Stop its log',
      '3. Delete photos (after 1, 2) [point of no return]',
      '4. Delete <b>"a_b"</b> & `c`; #1 [x] {y} 🦆 é (after 3)',
      '',
    ].join('\n'),
  );
});

test('as Mermaid: no title can be taken for syntax', () => {
  expect(planAsMermaid(plan)).toBe(
    [
      'flowchart TD',
      '  s1["Turn photos off"]',
      '  s2["Stop its log"]',
      '  s3{{"Delete photos"}}',
      '  s4["Delete #60;b#62;#34;a#95;b#34;#60;/b#62; #38; #96;c#96;#59; #35;1 #91;x#93; #123;y#125; #129414; é"]',
      '  s1 --> s3',
      '  s2 --> s3',
      '  s3 --> s4',
      '',
    ].join('\n'),
  );
});

test('a step that may add others says so', () => {
  const growing = definePlan('grow', 'Grow', (step) => {
    step({ title: 'Look', run: nothing, more: () => undefined });
    return answer({}, () => undefined);
  });
  expect(planAsText(growing)).toBe('Grow\n1. Look [adds steps]\n');
});

test('a plan without steps is its title', () => {
  const empty = definePlan('nothing', 'Nothing to do', () => answer({}, () => undefined));
  expect(planAsText(empty)).toBe('Nothing to do\n');
  expect(planAsMermaid(empty)).toBe('flowchart TD\n');
});
