import type { StepFactory, StepHandle } from '../../engine/plan';
import { oncePolicy } from '../../engine/retry';
import type { Context } from '../shared/context';
import type { Subject } from '../shared/subject';
import type { Spared } from '../shared/shapes';
import { type AccessSeen, deletable, leftOf } from './aws/access';
import { type FoldersSeen, ownPoliciesOf, seeFolders, stayingOf } from './aws/see-folders';
import { inspectUser, seeUser, type UserSeen } from './aws/see-user';
import { personalLeft, type PersonalResult, removePersonalPolicy } from './remove-personal-policy';
import { type RemovalsFromGroups, removeRoles } from './remove-role';
import { removalOf, removalOfSeen } from './remove-user';

/** The steps that saw users, and those of folders, and the one that took the policy of a user of the predecessor's away. */
export type AccessSteps = Readonly<Record<string, StepHandle<AccessResults[string]>>>;

export type AccessResults = Readonly<Record<string, UserSeen | FoldersSeen | PersonalResult>>;

/** What became of users, groups and policies. */
export interface AccessEnd {
  readonly kept: NonNullable<Spared['kept']>;
  readonly left: NonNullable<Spared['left']>;
  /** Names of what was deleted. */
  readonly users: readonly string[];
  readonly groups: readonly string[];
  readonly policies: readonly string[];
}

/**
 * Sums up what became of users, groups and policies once everything is removed: from the results of the steps, and from
 * what the look had found.
 */
export function accessEnd(seen: AccessSeen, results: AccessResults): AccessEnd {
  const all = Object.values(results).filter((result) => result !== null && result !== undefined);
  const folders = all.flatMap((result) => ('users' in result ? [result] : []));
  const users = all.flatMap((result): readonly UserSeen[] =>
    'users' in result ? result.users : 'user' in result ? [result] : [],
  );
  const [personal] = all.flatMap((result) => ('deleted' in result ? [result] : []));
  return {
    users: users.flatMap(({ user, because }) => (because === null ? [user] : [])),
    kept: users.flatMap(({ user, because }) => (because === null ? [] : [{ UserName: user, because }])),
    groups: [...deletable(seen.groups), ...folders.flatMap(({ groups }) => groups)].map(({ name }) => name),
    policies: [
      ...deletable(seen.policies),
      ...folders.flatMap(({ policies }) => policies),
      ...(seen.personal !== undefined && personal?.deleted === true ? [seen.personal] : []),
    ].map(({ name }) => name),
    left: [
      ...leftOf('group', seen.groups),
      ...leftOf('policy', seen.policies),
      ...folders.flatMap(({ left }) => left),
      ...personalLeft(seen.personal, personal),
    ],
  };
}

/**
 * Reads what the look knows by name alone: the roles of a site's folders and who is in them. Two calls deep, as much as
 * what comes before the pivot, which should wait for it: a read that fails after it would leave more behind. Undefined
 * without folders.
 */
export function readFolders(
  context: Context,
  subject: Subject,
  seen: AccessSeen,
  step: StepFactory,
): StepHandle<FoldersSeen> | undefined {
  const { groups, policies } = seen.folders;
  if (groups.length === 0 && policies.length === 0) return undefined;
  return step(seeFolders(context, { ...subject, proven: seen.proven }, seen));
}

/**
 * Adds the part of a deletion that comes after its pivot: users leave, and go when they belong to nothing else, and so
 * do groups and policies. Two calls deep after the pivot. Gives the steps that `accessEnd` wants the results of.
 */
export function removeAccess(
  context: Context,
  subject: Subject,
  seen: AccessSeen,
  step: StepFactory,
  pivot: StepHandle<unknown>,
  folders?: StepHandle<FoldersSeen>,
): AccessSteps {
  const known: Subject = { ...subject, proven: seen.proven };
  const users = new Map(seen.users.map((user) => [user, inspect(context, known, user, seen, step, folders)]));
  const removals = removeRoles(
    context,
    {
      groups: deletable(seen.groups),
      policies: deletable(seen.policies),
      provenByPolicy: seen.proven.own,
      after: [pivot],
      seen: users,
    },
    step,
  );
  const removeUsers = (
    add: StepFactory,
    after: readonly StepHandle<unknown>[],
    all: RemovalsFromGroups,
  ): readonly StepHandle<unknown>[] =>
    [...users].map(([user, found]) => {
      const removed = all.get(user) ?? new Map<string, StepHandle<unknown>>();
      return add(removalOfSeen(context, user, `${subject.kind} ${subject.bucket}`, found, { after, removed }));
    });
  const ends = Object.fromEntries([...users.values()].map((handle) => [`user${String(handle.index)}`, handle]));
  const namesake = users.get(subject.bucket);
  const withPersonal = (after: readonly StepHandle<unknown>[]): AccessSteps =>
    seen.personal === undefined || namesake === undefined
      ? {}
      : { personal: removePersonalPolicy(context, seen.personal, step, after, namesake) };
  if (folders === undefined) return { ...ends, ...withPersonal(removeUsers(step, [pivot], removals)) };
  const ofFolders = step({
    title: `Remove the users and roles of the folders of ${subject.bucket}`,
    needs: { folders },
    after: [pivot],
    retry: oncePolicy,
    run: ({ folders: found }) => Promise.resolve(found),
    more: (add, found) => {
      const fromFolders = removeRoles(context, { ...found, seen: users }, add);
      removeUsers(add, [], bothOf(removals, fromFolders));
      for (const user of found.users) {
        const removed = fromFolders.get(user.user) ?? new Map<string, StepHandle<unknown>>();
        add(removalOf(context, user, `${subject.kind} ${subject.bucket}`, { removed }));
      }
    },
  });
  return { ...ends, folders, ...withPersonal([ofFolders]) };
}

/**
 * Looks at a user, after that at the folders where there are any: a user of both is judged with what is known of both.
 */
function inspect(
  context: Context,
  subject: Subject,
  user: string,
  seen: AccessSeen,
  step: StepFactory,
  folders: StepHandle<FoldersSeen> | undefined,
): StepHandle<UserSeen | null> {
  const one = { subject, user, ownPolicies: ownPoliciesOf(seen), staying: stayingOf(seen) };
  const look = inspectUser(context, one);
  if (folders === undefined) return step(look);
  return step({
    title: look.title,
    ...(look.retry && { retry: look.retry }),
    needs: { folders },
    run: ({ folders: { staying } }) => seeUser(context, { ...one, staying: [...one.staying, ...staying] }, 'along'),
  });
}

/** Joins the steps of both, by user and group. */
function bothOf(some: RemovalsFromGroups, others: RemovalsFromGroups): RemovalsFromGroups {
  const users = new Set([...some.keys(), ...others.keys()]);
  return new Map(
    [...users].map((user) => [user, new Map([...(some.get(user) ?? []), ...(others.get(user) ?? [])])] as const),
  );
}
