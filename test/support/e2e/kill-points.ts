/**
 * A moment at which a process is killed: at a call to AWS, or at a change of its store of operations. `before`: the call never
 * arrives. `after`: it has its effect, and nobody hears of it.
 */
export interface Point {
  readonly on: 'aws' | 'store';
  readonly side: 'before' | 'after';
  /** From 1. */
  readonly n: number;
}

/** All the points of a write that makes so many calls and changes. */
export function pointsOf({ calls, changes }: { readonly calls: number; readonly changes: number }): readonly Point[] {
  const on = (what: Point['on'], most: number): readonly Point[] =>
    Array.from({ length: most }, (_, index) =>
      (['before', 'after'] as const).map((side) => ({ on: what, side, n: index + 1 })),
    ).flat();
  return [...on('aws', calls), ...on('store', changes)];
}

/** Names it, the same in every run of this very code. */
export const sideOf = ({ on, side, n }: Point): string =>
  `${side} ${on === 'aws' ? 'call' : 'store write'} ${String(n)}`;
