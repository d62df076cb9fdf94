import { partitionOf } from '../../partitions';

interface Named {
  readonly name: string;
  readonly region: string;
}

/** Buckets by their names, of which each partition has its own. */
export interface BucketNames<B extends Named> {
  /** Without a partition, which an unsigned call does not tell: that of whichever has such a bucket, `aws` first. */
  readonly get: (name: string, partition?: string) => B | undefined;
  readonly add: (bucket: B) => void;
  readonly remove: (bucket: B) => void;
  readonly clear: () => void;
  readonly all: () => readonly B[];
}

export function createBucketNames<B extends Named>(): BucketNames<B> {
  const partitions = new Map<string, Map<string, B>>([['aws', new Map()]]);
  const namesIn = ({ region }: B): Map<string, B> => {
    const { name } = partitionOf(region);
    const names = partitions.get(name) ?? new Map<string, B>();
    partitions.set(name, names);
    return names;
  };
  return {
    get: (name, partition) => {
      if (partition !== undefined) return partitions.get(partition)?.get(name);
      for (const names of partitions.values()) if (names.has(name)) return names.get(name);
      return undefined;
    },
    add: (bucket) => void namesIn(bucket).set(bucket.name, bucket),
    remove: (bucket) => void namesIn(bucket).delete(bucket.name),
    clear: () => {
      for (const names of partitions.values()) names.clear();
    },
    all: () => [...partitions.values()].flatMap((names) => [...names.values()]),
  };
}
