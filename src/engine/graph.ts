/** A graph that knows only vertices and edges, and how to go through it. */
export interface Traversal<V> {
  /** May grow at its end while one of them is visited; so may `before`. */
  readonly vertices: readonly V[];
  /** For each vertex the indexes of those that must be visited before it. Acyclic. */
  readonly before: readonly (readonly number[])[];
  /** Visits under way at once; at least one. */
  readonly concurrency: number;
  /** Asked whenever a vertex could start; one that never may is never visited. Default: always. */
  readonly mayStart?: (vertex: V, index: number) => boolean;
  readonly visit: (vertex: V, index: number) => Promise<void>;
}

/**
 * Visits every vertex once, as parallel as the edges allow, lower indexes first where there is a choice.
 * Resolves when nothing runs and nothing may start. When a visit rejects, nothing new starts, what runs settles,
 * and then the first rejection is passed on.
 */
export async function traverse<V>(traversal: Traversal<V>): Promise<void> {
  const { vertices, before, mayStart = () => true, visit } = traversal;
  const limit = Math.max(1, traversal.concurrency);
  const started = new Set<number>();
  const visited = new Set<number>();
  const rejections: unknown[] = [];

  await new Promise<void>((resolve) => {
    const startWhatMay = (): void => {
      for (const [index, vertex] of vertices.entries()) {
        if (rejections.length > 0 || started.size - visited.size >= limit) break;
        const ready = !started.has(index) && (before[index] ?? []).every((other) => visited.has(other));
        if (!ready || !mayStart(vertex, index)) continue;
        started.add(index);
        void visit(vertex, index)
          .catch((thrown: unknown) => rejections.push(thrown))
          .finally(() => {
            visited.add(index);
            startWhatMay();
          });
      }
      if (started.size === visited.size) resolve();
    };
    startWhatMay();
  });

  if (rejections.length > 0) throw rejections[0];
}

/** Turns edges around: gives for each vertex those that have it in `before`. */
export function reversed(before: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const after = before.map((): number[] => []);
  for (const [index, others] of before.entries()) for (const other of others) after[other]?.push(index);
  return after;
}
