import type { DryRun } from '../domain/dispatch/dry-run';

type Step = DryRun['steps'][number];

/** Of what follows the answer; its steps count from 0 again. */
const DELIVERED = 'delivered';

/**
 * Draws a plan as a flowchart for mermaid. Nodes are steps; those that add others have a double border; an arrow leads to
 * whoever waits. https://mermaid.js.org/syntax/flowchart.html
 */
export function planDiagram({ title, steps, whenDelivered, planDigest }: DryRun): string {
  const last = steps.flatMap((_, index) => (steps.some(({ dependsOn }) => dependsOn.includes(index)) ? [] : [index]));
  const marked = [...pivotsOf(steps, 's'), ...pivotsOf(whenDelivered, 'd')];
  const lines = [
    'flowchart TD',
    `%% planDigest: ${planDigest}`,
    `%% ${escaped(title)}`,
    ...drawn(steps, 's', '  '),
    ...(whenDelivered.length === 0
      ? []
      : [
          `  subgraph ${DELIVERED}["When the answer has arrived"]`,
          ...drawn(whenDelivered, 'd', '    '),
          '  end',
          ...last.map((index) => `  s${String(index)} -.-> ${DELIVERED}`),
        ]),
    ...(marked.length === 0
      ? []
      : ['  classDef pointOfNoReturn stroke-width:4px', `  class ${marked.join(',')} pointOfNoReturn`]),
  ];
  return `${lines.join('\n')}\n`;
}

const pivotsOf = (steps: readonly Step[], prefix: string): readonly string[] =>
  steps.flatMap(({ pointOfNoReturn }, index) => (pointOfNoReturn ? [`${prefix}${String(index)}`] : []));

/** All nodes stand before all arrows, in the order of the plan. */
function drawn(steps: readonly Step[], prefix: string, indent: string): readonly string[] {
  const nodes = steps.map(({ title, mayGrow, pointOfNoReturn }, index) => {
    const label = `"${escaped(title)}${pointOfNoReturn ? POINT_OF_NO_RETURN : ''}"`;
    return `${indent}${prefix}${String(index)}${mayGrow ? `[[${label}]]` : `[${label}]`}`;
  });
  const arrows = steps.flatMap(({ dependsOn }, index) =>
    dependsOn.map((before) => `${indent}${prefix}${String(before)} --> ${prefix}${String(index)}`),
  );
  return [...nodes, ...arrows];
}

/** In words, too: who cannot see the border is told. */
const POINT_OF_NO_RETURN = ' #40;point of no return#41;';

/**
 * Writes all but plain characters as mermaid's own entities, so that no name can end a label, begin a directive or be markup.
 * https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters
 */
const escaped = (text: string): string =>
  text.replace(/[^A-Za-z0-9 .,/@-]/gu, (character) => `#${String(character.codePointAt(0))};`);
