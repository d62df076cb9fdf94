import type { Context } from '../../../shared/context';
import { markerOf, type ReportRange } from '../rules/input';
import type { KeyReport } from '../rules/shapes';
import type { AccessKeyShape } from '../../../shared/shapes';
import { keyShape } from '../../../shared/aws/iam-shapes';
import { lastUse } from './last-use';
import { type OurUser, ourUsers } from './our-users';
import { inPool } from '../../../shared/pool';
import { accessKeys } from '../../../access/aws/user';

/** Users whose keys one answer looks at, however few of them fit: it bounds the calls and the time an answer takes. */
const USERS_A_PAGE = 500;

const DAY_MS = 86_400_000;

interface Found extends AccessKeyShape {
  readonly bucket: string;
}

/**
 * Reports the keys of all our users by user name and key id, from `after` on. One call a user and one a key that is
 * shown, eight at once, beside the few that find the users. An answer may hold fewer keys than the limit, even none,
 * and go on all the same.
 */
export async function keyReport(
  context: Context,
  { olderThanMs, limit, after }: ReportRange,
  isOwnStore: (bucket: string) => boolean,
): Promise<KeyReport> {
  const now = context.clock.now();
  const ageOf = ({ CreateDate }: AccessKeyShape) => CreateDate && now - CreateDate.getTime();
  const isWanted = (key: AccessKeyShape): boolean => olderThanMs === undefined || (ageOf(key) ?? 0) >= olderThanMs;

  const keysOf = async ({ name, bucket }: OurUser): Promise<readonly Found[]> => {
    const keys = (await accessKeys(context, name)).map((key) => ({ ...keyShape(key, name), bucket }));
    const isPast = (id: string) => after?.user === name && after.key !== undefined && id <= after.key;
    return keys
      .filter((key) => isWanted(key) && !isPast(key.AccessKeyId))
      .sort((a, b) => (a.AccessKeyId < b.AccessKeyId ? -1 : 1));
  };

  const users = (await ourUsers(context, isOwnStore)).filter(
    ({ name }) => after === undefined || name > after.user || (name === after.user && after.key !== undefined),
  );
  const page = users.slice(0, USERS_A_PAGE);
  const perUser = await inPool(page, keysOf, (sofar) => sofar.flat().length > limit);
  const found = perUser.flat();
  const shown = found.slice(0, limit);
  const Keys = await inPool(shown, async ({ bucket, ...key }) => {
    const age = ageOf(key);
    return {
      ...key,
      LastUsed: await lastUse(context, key.AccessKeyId),
      ageDays: age === undefined ? undefined : Math.max(0, Math.floor(age / DAY_MS)),
      Bucket: bucket,
    };
  });
  const lastShown = shown.at(-1);
  const lastUser = page[perUser.length - 1];
  const Marker =
    found.length > limit && lastShown !== undefined
      ? markerOf({ user: lastShown.UserName, key: lastShown.AccessKeyId })
      : perUser.length < users.length && lastUser !== undefined
        ? markerOf({ user: lastUser.name, key: undefined })
        : undefined;
  return { Keys, Marker };
}
