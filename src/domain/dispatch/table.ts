import type { AnyOperation } from '../shared/operation';

/** The table of operations: which are writes, and how to load a definition. */
export interface OperationTable {
  readonly ids: () => readonly string[];
  readonly isWrite: (operationId: string) => boolean;
  readonly load: (operationId: string) => Promise<AnyOperation>;
}
