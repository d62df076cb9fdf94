import {
  AttachGroupPolicyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  DeleteGroupCommand,
  DeletePolicyCommand,
  DetachGroupPolicyCommand,
} from '@aws-sdk/client-iam';
import type { Context } from '../../shared/context';
import type { Needs, Results, StepHandle, StepSpec, Touch } from '../../../engine/plan';
import { freshEntityPolicy, freshUndoPolicy, sharedEntityPolicy } from '../../../engine/retry';
import { toDomainError } from '../../../base/errors';
import type { PolicyDocument } from '../../shared/policies';
import { groupName, iamPath, policyArn, policyName, type Role } from '../../shared/role';
import { findGroup, findPolicy } from './role';
import { groupShape, policyShape, sdkTags } from '../../shared/aws/iam-shapes';
import type { GroupShape, PolicyShape } from '../../shared/shapes';
import { OPERATION_TAG, ORG_TAG } from '../../shared/tags';
import { madeBy, notShown } from './ownership';

type Step<T> = StepSpec<Record<never, never>, T>;

/**
 * How a role's group and policy come about: `exclusive` when they are part of a new bucket and must not exist before,
 * `shared` when a user asks for them and a neighbour may make them at the same moment.
 */
export type Sharing = 'exclusive' | 'shared';

/** A policy document that may depend on what earlier steps made: a website's policy names its distribution. */
export interface NeededDocument<N extends Needs> {
  readonly needs: N;
  readonly make: (results: Results<N>) => PolicyDocument;
}

/** Gives the document, where it does not depend on what earlier steps make. */
function knownDocument<N extends Needs>({ needs, make }: NeededDocument<N>): Pick<Touch, 'document'> {
  return Object.keys(needs).length === 0 ? { document: make({} as Results<N>) } : {};
}

/** Makes the role's policy. Gives it as CreatePolicy answered it. */
export function createRolePolicy<N extends Needs>(
  context: Context,
  role: Role,
  sharing: Sharing,
  document: NeededDocument<N>,
): StepSpec<N, PolicyShape> {
  const { session, org } = context;
  const name = policyName(role);
  const arn = policyArn(session, role);
  const find = async () => {
    const policy = await findPolicy(context, arn);
    return policy && { shape: policyShape(policy, arn, name), tags: sdkTags(policy.Tags) };
  };
  return {
    title: `Create policy ${name}`,
    touches: [{ action: 'create', resource: `policy ${name}`, ...knownDocument(document) }],
    needs: document.needs,
    ...(sharing === 'shared' && { retry: sharedEntityPolicy }),
    run: async (needs, { operationId }) => {
      try {
        const { Policy } = await session.iam(
          new CreatePolicyCommand({
            PolicyName: name,
            Path: iamPath(role),
            PolicyDocument: JSON.stringify(document.make(needs)),
            Tags: [
              { Key: ORG_TAG, Value: org },
              { Key: OPERATION_TAG, Value: operationId },
            ],
          }),
        );
        return policyShape(Policy, arn, name);
      } catch (thrown) {
        const found = sharing === 'shared' ? await whenExists(thrown, find) : undefined;
        return found?.shape ?? rethrow(thrown);
      }
    },
    alreadyDone: async (_, { operationId }) => {
      const found = await find();
      return found && madeBy(found.tags, operationId) === 'this-operation' ? { result: found.shape } : undefined;
    },
    undoRetry: freshUndoPolicy,
    undo: async (_, { operationId }) => {
      const { tags } = (await find()) ?? notShown(name);
      if (madeBy(tags, operationId) === 'this-operation')
        await session.iam(new DeletePolicyCommand({ PolicyArn: arn }));
    },
  };
}

/** What the group step did: `made` is false when a neighbour was faster. */
export interface GroupMade {
  readonly group: GroupShape;
  readonly made: boolean;
}

/** Makes the role's group. Groups carry no tags: what the look saw absent and we made, or may have made, is ours. */
export function createRoleGroup(context: Context, role: Role, sharing: Sharing): Step<GroupMade> {
  const { session } = context;
  const name = groupName(role);
  const find = async () => {
    const found = await findGroup(context, name);
    return found && groupShape(found.group, name);
  };
  return {
    title: `Create group ${name}`,
    ...(sharing === 'shared' && { retry: sharedEntityPolicy }),
    touches: [{ action: 'create', resource: `group ${name}` }],
    run: async () => {
      try {
        const { Group } = await session.iam(new CreateGroupCommand({ GroupName: name, Path: iamPath(role) }));
        return { group: groupShape(Group, name), made: true };
      } catch (thrown) {
        const group = sharing === 'shared' ? await whenExists(thrown, find) : undefined;
        return group ? { group, made: false } : rethrow(thrown);
      }
    },
    alreadyDone: async () => {
      const group = await find();
      return group && { result: { group, made: true } };
    },
    undoRetry: freshUndoPolicy,
    undo: async ({ result }) => {
      if (result?.made === false) return;
      // A neighbour's user that has joined meanwhile keeps the group.
      const found = sharing === 'shared' ? await findGroup(context, name) : undefined;
      if (found !== undefined && found.members.length > 0) return;
      await session.iam(new DeleteGroupCommand({ GroupName: name }));
    },
  };
}

/** Attaches the role's policy to its group; both may be so new that IAM does not know them yet. */
export function attachRole(context: Context, role: Role, after: readonly StepHandle<unknown>[]): Step<void> {
  const { session } = context;
  const group = groupName(role);
  const arn = policyArn(session, role);
  return {
    title: `Attach policy ${policyName(role)} to group ${group}`,
    touches: [{ action: 'create', resource: `attachment of policy ${policyName(role)} to group ${group}` }],
    after,
    retry: freshEntityPolicy,
    run: async () => {
      await session.iam(new AttachGroupPolicyCommand({ GroupName: group, PolicyArn: arn }));
    },
    undoRetry: freshUndoPolicy,
    undo: async () => {
      const found = await findGroup(context, group);
      if (found !== undefined && found.members.length > 0) return;
      await session.iam(new DetachGroupPolicyCommand({ GroupName: group, PolicyArn: arn }));
    },
  };
}

/** Gives what `find` gives when `thrown` says that the thing exists; while IAM does not show it, the step is tried again. */
async function whenExists<T>(thrown: unknown, find: () => Promise<T | undefined>): Promise<T | undefined> {
  return toDomainError(thrown).kind === 'exists' ? find() : undefined;
}

function rethrow(thrown: unknown): never {
  throw thrown;
}
