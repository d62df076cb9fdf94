import { hostOnAws, knownPartitionOf, partitionOf } from '../base/partitions';
import type { Draft, FileAccount } from './file-shape';
import { type ConfigProblem, describe, pointerTo } from './problems';

/** Rules between an account's region and what depends on its partition. They hold for AWS, not for other stores. */

/** Lists what cannot be in the account's partition; `pointer` is where its settings stand. */
export function partitionProblems(settings: Draft<FileAccount>, pointer: string): readonly ConfigProblem[] {
  const { region } = settings;
  if (region === undefined || !isOnAws(settings)) return [];
  const { partition, noWebsites } = partitionOf(region);
  return [
    ...(settings.endpoint === undefined && settings.host === undefined && knownPartitionOf(region) === undefined
      ? [
          {
            pointer: pointerTo(pointer, 'region'),
            found: describe(region),
            allowed: 'a region of AWS, e.g. "us-east-1"; another name together with the endpoint of a store',
          },
        ]
      : []),
    ...(noWebsites !== undefined && Object.keys(settings.domains ?? {}).length > 0
      ? [
          {
            pointer: pointerTo(pointer, 'domains'),
            found: `domains in partition ${partition}`,
            allowed: `no domains there, because ${noWebsites}; websites need a region of partition aws`,
          },
        ]
      : []),
    ...(['role', 'permissionsBoundary'] as const).flatMap((name) =>
      foreignArn(settings[name], partition, pointerTo(pointer, name)),
    ),
    ...addressOfOneService(settings.endpoint, pointerTo(pointer, 'endpoint')),
  ];
}

/** A store has regions and names of its own; whoever gives it users says that it is like AWS. */
const isOnAws = ({ iam, host }: Draft<FileAccount>): boolean =>
  iam !== false && (host === undefined || iam === true || hostOnAws(host.replace(/:\d+$/, '')) !== undefined);

function foreignArn(arn: string | undefined, partition: string, pointer: string): readonly ConfigProblem[] {
  const of = /^arn:([^:]+):/.exec(arn ?? '')?.[1];
  if (of === undefined || of === partition) return [];
  return [
    {
      pointer,
      found: `an ARN of partition ${of}`,
      allowed: `one of partition ${partition}, to which the region belongs`,
    },
  ];
}

/** All services of AWS are called at an endpoint: an address of one of them serves no other. */
function addressOfOneService(endpoint: string | undefined, pointer: string): readonly ConfigProblem[] {
  if (endpoint === undefined || !URL.canParse(endpoint)) return [];
  const { hostname } = new URL(endpoint);
  if (hostOnAws(hostname) === undefined) return [];
  return [
    {
      pointer,
      found: `${hostname}, the address of one service of AWS`,
      allowed: 'no endpoint: each service is found by the region; or "iam": false for S3 alone',
    },
  ];
}
