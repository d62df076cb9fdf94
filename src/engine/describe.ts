import type { Plan } from './plan';

type Describable = Pick<Plan<unknown>, 'title' | 'steps'>;

/**
 * Writes the plan for people to read: its title, then one numbered line a step. Numbers begin at 1; what is added later
 * is not known.
 */
export function planAsText(plan: Describable): string {
  const lines = plan.steps.map((step) => {
    const after = step.dependsOn.length > 0 ? ` (after ${step.dependsOn.map((index) => index + 1).join(', ')})` : '';
    const pivot = step.pivot ? ' [point of no return]' : '';
    const more = step.more ? ' [adds steps]' : '';
    return `${step.index + 1}. ${step.title}${after}${pivot}${more}`;
  });
  return [plan.title, ...lines, ''].join('\n');
}

/**
 * Writes the plan as a Mermaid flowchart; a pivot is a hexagon. The numbers of `planAsText` are in the ids only: at the
 * head of a label they would pass for a Markdown list.
 */
export function planAsMermaid(plan: Describable): string {
  const vertices = plan.steps.map(({ index, title, pivot }) => {
    const label = `"${escapeLabel(title)}"`;
    return `  s${index + 1}${pivot ? `{{${label}}}` : `[${label}]`}`;
  });
  const edges = plan.steps.flatMap(({ index, dependsOn }) =>
    dependsOn.map((other) => `  s${other + 1} --> s${index + 1}`),
  );
  return ['flowchart TD', ...vertices, ...edges, ''].join('\n');
}

/** Titles hold names that callers chose: whatever Mermaid or HTML might take for syntax becomes a Mermaid entity code. */
function escapeLabel(text: string): string {
  return text.replace(/[^\p{L}\p{N} .,:/-]/gu, (character) => `#${character.codePointAt(0)};`);
}
