/** What a flowchart says. */
export interface Flowchart {
  readonly comments: readonly string[];
  /** Labels by id, as people read them; those in the subgraph have ids that begin with `d`. */
  readonly nodes: ReadonlyMap<string, string>;
  readonly doubled: readonly string[];
  /** `s0 --> s1` as `['s0', 's1']`. */
  readonly arrows: readonly (readonly [string, string])[];
  readonly dotted: readonly (readonly [string, string])[];
  readonly marked: readonly string[];
  readonly subgraph: string | undefined;
}

/** A label: plain characters, and all others as entities. A quote or a bracket would end it. */
const LABEL = '"((?:[A-Za-z0-9 .,/@-]|#\\d+;)+)"';
const decoded = (label: string): string =>
  label.replace(/#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));

/**
 * Reads a flowchart of the few sentences of mermaid's grammar that plans are written in, line by line.
 * @throws an Error at a line that is none of them, and where an arrow or a mark names no node
 */
export function readFlowchart(text: string): Flowchart {
  const [head, ...lines] = text.replace(/\n$/, '').split('\n');
  if (head !== 'flowchart TD') throw new Error(`not a flowchart: ${String(head)}`);
  const comments: string[] = [];
  const nodes = new Map<string, string>();
  const doubled: string[] = [];
  const arrows: (readonly [string, string])[] = [];
  const dotted: (readonly [string, string])[] = [];
  let marked: readonly string[] = [];
  let subgraph: string | undefined;
  const open: string[] = [];
  const known = (id = ''): string => {
    if (!nodes.has(id) && id !== 'delivered') throw new Error(`${id} is no node`);
    return id;
  };
  const sentences: readonly (readonly [RegExp, (...parts: string[]) => void])[] = [
    [/^%% ((?!\{).+)$/, (comment = '') => void comments.push(comment)],
    [new RegExp(`^([sd]\\d+)\\[${LABEL}\\]$`), (id = '', label = '') => void nodes.set(id, decoded(label))],
    [
      new RegExp(`^([sd]\\d+)\\[\\[${LABEL}\\]\\]$`),
      (id = '', label = '') => {
        nodes.set(id, decoded(label));
        doubled.push(id);
      },
    ],
    [/^([sd]\d+) --> ([sd]\d+)$/, (from, to) => void arrows.push([known(from), known(to)])],
    [/^(s\d+) -\.-> (delivered)$/, (from, to) => void dotted.push([known(from), known(to)])],
    [
      new RegExp(`^subgraph delivered\\[${LABEL}\\]$`),
      (label = '') => {
        subgraph = decoded(label);
        open.push(label);
      },
    ],
    [
      /^end$/,
      () => {
        if (open.pop() === undefined) throw new Error('an end without a subgraph');
      },
    ],
    [/^classDef pointOfNoReturn stroke-width:4px$/, () => undefined],
    [/^class ([sd]\d+(?:,[sd]\d+)*) pointOfNoReturn$/, (ids = '') => void (marked = ids.split(',').map(known))],
  ];
  for (const line of lines) {
    const found = sentences
      .map(([pattern, read]) => ({ parts: pattern.exec(line.trimStart()), read }))
      .find(({ parts }) => parts !== null);
    if (!found?.parts) throw new Error(`not a sentence of a flowchart: ${line}`);
    found.read(...found.parts.slice(1));
  }
  if (open.length > 0) throw new Error('the subgraph has no end');
  return { comments, nodes, doubled, arrows, dotted, marked, subgraph };
}
