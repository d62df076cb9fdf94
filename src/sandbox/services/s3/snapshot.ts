import { createKeyIndex, setKey } from './key-index';
import type { Bucket, Part, S3State, StoredObject, Upload, Version } from './store';

/** State as JSON and back: maps become arrays of pairs, bodies base64. */

const FORMAT = 1;

type Encoded<T extends { readonly body: Buffer }> = Omit<T, 'body'> & { readonly body: string };
type FrozenVersion = Encoded<StoredObject> | Exclude<Version, StoredObject>;
type FrozenUpload = Omit<Upload, 'parts'> & { readonly parts: readonly Encoded<Part>[] };
type FrozenBucket = Omit<Bucket, 'objects' | 'uploads'> & {
  readonly objects: readonly (readonly [string, readonly FrozenVersion[]])[];
  readonly uploads: readonly FrozenUpload[];
};

export interface S3Snapshot {
  readonly format: typeof FORMAT;
  readonly buckets: readonly FrozenBucket[];
}

function encode<T extends { readonly body: Buffer }>(value: T): Encoded<T> {
  return { ...value, body: value.body.toString('base64') };
}

const decode = (body: string): Buffer => Buffer.from(body, 'base64');

export function takeSnapshot(state: S3State): S3Snapshot {
  return {
    format: FORMAT,
    buckets: state.buckets.all().map((bucket) => ({
      ...bucket,
      objects: bucket.objects.sorted.map((key) => [
        key,
        (bucket.objects.byKey.get(key) ?? []).map((version) => (version.kind === 'object' ? encode(version) : version)),
      ]),
      uploads: [...bucket.uploads.values()].map((upload) => ({
        ...upload,
        parts: [...upload.parts.values()].map(encode),
      })),
    })),
  };
}

function thaw(frozen: FrozenBucket): Bucket {
  const objects = createKeyIndex<Version[]>();
  for (const [key, versions] of frozen.objects) {
    const thawed = versions.map((version): Version =>
      version.kind === 'object' ? { ...version, body: decode(version.body) } : version,
    );
    setKey(objects, key, thawed);
  }
  const uploads = frozen.uploads.map((upload): [string, Upload] => [
    upload.id,
    {
      ...upload,
      parts: new Map(upload.parts.map((part) => [part.number, { ...part, body: decode(part.body) }])),
    },
  ]);
  return { ...frozen, objects, uploads: new Map(uploads) };
}

function isSnapshot(value: unknown): value is S3Snapshot {
  return (
    typeof value === 'object' && value !== null && 'format' in value && value.format === FORMAT && 'buckets' in value
  );
}

/** Replaces everything in `state`. Throws on data of another format. */
export function restoreSnapshot(state: S3State, snapshot: unknown): void {
  if (!isSnapshot(snapshot)) throw new Error('the S3 snapshot has an unknown format');
  state.buckets.clear();
  for (const bucket of snapshot.buckets) state.buckets.add(thaw(bucket));
}
