import { CreateOriginAccessControlCommand, ListOriginAccessControlsCommand } from '@aws-sdk/client-cloudfront';
import { type Context, reading } from '../../../shared/context';
import type { StepSpec } from '../../../../engine/plan';
import { sharedEntityPolicy } from '../../../../engine/retry';
import { fail } from '../../../../base/errors';
import { type AccessControl, numbered, numberOf } from '../rules/private-origins';

/**
 * What private sites of an account share: origin access controls, each with a function. They are made when they are needed,
 * belong to no site, and stay; so no step that makes them has an undo.
 */

const NAME = 'mallard-private-origin';

/** Finds our origin access control with the highest number: the earlier ones were full once. The first where there is none. */
export async function newestAccessControl(context: Context): Promise<AccessControl> {
  let newest: AccessControl = { number: 1 };
  for await (const found of accessControls(context)) if (found.number >= newest.number) newest = found;
  return newest;
}

async function* accessControls(context: Context): AsyncGenerator<AccessControl> {
  let Marker: string | undefined;
  do {
    const { OriginAccessControlList: page } = await reading(context, () =>
      context.session.cloudfront(new ListOriginAccessControlsCommand({ ...(Marker !== undefined && { Marker }) })),
    );
    for (const { Id: id, Name = '' } of page?.Items ?? []) {
      const number = numberOf(NAME, Name);
      if (id !== undefined && number !== undefined) yield { number, id };
    }
    Marker = page?.IsTruncated === true ? page.NextMarker : undefined;
  } while (Marker !== undefined);
}

/** Makes sure there is the origin access control of that number; gives its id. */
export function ensureAccessControl(
  context: Context,
  { number, id }: AccessControl,
): StepSpec<Record<never, never>, string> {
  const Name = numbered(NAME, number);
  const find = async (): Promise<string | undefined> => {
    if (id !== undefined) return id;
    for await (const found of accessControls(context)) if (found.number === number) return found.id;
    return undefined;
  };
  return {
    title: 'Make sure that distributions have an origin access control',
    retry: sharedEntityPolicy,
    touches: [{ action: 'create', resource: `origin access control ${Name}, unless it is there` }],
    run: async () => {
      const known = await find();
      if (known !== undefined) return known;
      const { OriginAccessControl } = await context.session.cloudfront(
        new CreateOriginAccessControlCommand({
          OriginAccessControlConfig: {
            Name,
            Description: 'Lets distributions read private buckets',
            OriginAccessControlOriginType: 's3',
            SigningBehavior: 'always',
            SigningProtocol: 'sigv4',
          },
        }),
      );
      return OriginAccessControl?.Id ?? fail({ kind: 'unforeseen', detail: 'CloudFront answered without an id' });
    },
    alreadyDone: async () => {
      const found = await find();
      return found === undefined ? undefined : { result: found };
    },
  };
}
