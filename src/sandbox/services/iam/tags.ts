/** Tags of users, roles, policies and devices. Source: IAM User Guide, "Tags for IAM resources", rules for tagging. */
import type { Conditions, IamCall, OperationTable } from './call';
import { findOwnPolicy, findRole, findUser, policyByArn } from './find';
import { page } from './paging';
import { existing, required, userNameOrCaller } from './params';
import { invalid, quotaExceeded, refuse } from './refusals';
import { onPolicy, onRole, onUser } from './resources';
import type { Tag } from './state';

const KEY = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u;
const VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

function checkTag(tag: Tag, index: number): void {
  const at = (member: string): string => `tags.${index + 1}.member.${member}`;
  if (tag.Key.length === 0 || tag.Key.length > 128)
    invalid(at('key'), tag.Key, 'Member must have length between 1 and 128');
  if (!KEY.test(tag.Key)) invalid(at('key'), tag.Key, `Member must satisfy regular expression pattern: ${KEY.source}`);
  if (tag.Value.length > 256) invalid(at('value'), tag.Value, 'Member must have length less than or equal to 256');
  if (!VALUE.test(tag.Value))
    invalid(at('value'), tag.Value, `Member must satisfy regular expression pattern: ${VALUE.source}`);
  if (/^aws:/i.test(tag.Key)) refuse('InvalidInput', 'Tag keys starting with aws: are reserved for system use.');
}

/** Reads and checks the tags a call brings along. Keys are told apart without regard to case. */
export function tagsOf(call: IamCall): Tag[] {
  const tags = call.params
    .records('Tags')
    .map((record) => ({ Key: record['Key'] ?? '', Value: record['Value'] ?? '' }));
  tags.forEach(checkTag);
  if (new Set(tags.map((tag) => tag.Key.toLowerCase())).size < tags.length) {
    refuse('InvalidInput', 'Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  }
  if (tags.length > call.quotas.tags) quotaExceeded('TagsPerResource', call.quotas.tags);
  return tags;
}

/** `aws:RequestTag/…` and `aws:TagKeys` of a call. */
function requestTags(call: IamCall): Conditions {
  const tags = call.params.records('Tags');
  const keys = [...tags.map((tag) => tag['Key'] ?? ''), ...call.params.strings('TagKeys')];
  if (keys.length === 0) return {};
  return {
    'aws:TagKeys': keys,
    ...Object.fromEntries(tags.map((tag) => [`aws:RequestTag/${tag['Key'] ?? ''}`, tag['Value'] ?? ''])),
  };
}

/** `aws:ResourceTag/…`, with IAM's own older spelling beside it. */
function resourceTags(tags: readonly Tag[]): Conditions {
  return Object.fromEntries(
    tags.flatMap((tag) => [
      [`aws:ResourceTag/${tag.Key}`, tag.Value],
      [`iam:ResourceTag/${tag.Key}`, tag.Value],
    ]),
  );
}

/** Gives the condition keys every call about a user, role or policy carries. */
export function tagConditions(call: IamCall): Conditions {
  const { params, account } = call;
  const user = account.users.get((params.get('UserName') ?? '').toLowerCase());
  const role = account.roles.get((params.get('RoleName') ?? '').toLowerCase());
  const policy =
    user === undefined && role === undefined ? policyByArn(account, params.get('PolicyArn') ?? '') : undefined;
  return { ...resourceTags(user?.tags ?? role?.tags ?? policy?.tags ?? []), ...requestTags(call) };
}

interface Tagged {
  tags: Tag[];
}

function add(call: IamCall, target: Tagged): void {
  const added = tagsOf(call);
  const replaced = new Set(added.map((tag) => tag.Key.toLowerCase()));
  const merged = [...target.tags.filter((tag) => !replaced.has(tag.Key.toLowerCase())), ...added];
  if (merged.length > call.quotas.tags) quotaExceeded('TagsPerResource', call.quotas.tags);
  target.tags = merged;
}

function remove(call: IamCall, target: Tagged): void {
  const keys = new Set(call.params.strings('TagKeys'));
  target.tags = target.tags.filter((tag) => !keys.has(tag.Key));
}

function list(
  call: IamCall,
  target: Tagged,
): { Tags: { member: readonly { Key: string; Value: string }[] }; IsTruncated: boolean; Marker: string | undefined } {
  const { items, tail } = page(call, target.tags, (tag) => tag.Key);
  return { Tags: { member: items.map(({ Key, Value }) => ({ Key, Value })) }, ...tail };
}

export const tagOperations: OperationTable = {
  TagUser: { resource: onUser, run: (call) => add(call, findUser(call, userNameOrCaller(call))) },
  UntagUser: { resource: onUser, run: (call) => remove(call, findUser(call, userNameOrCaller(call))) },
  ListUserTags: { resource: onUser, run: (call) => list(call, findUser(call, userNameOrCaller(call))) },
  TagRole: { resource: onRole, run: (call) => add(call, findRole(call, existing(call, 'RoleName'))) },
  UntagRole: { resource: onRole, run: (call) => remove(call, findRole(call, existing(call, 'RoleName'))) },
  ListRoleTags: { resource: onRole, run: (call) => list(call, findRole(call, existing(call, 'RoleName'))) },
  TagPolicy: { resource: onPolicy, run: (call) => add(call, findOwnPolicy(call, required(call, 'PolicyArn'))) },
  UntagPolicy: { resource: onPolicy, run: (call) => remove(call, findOwnPolicy(call, required(call, 'PolicyArn'))) },
  ListPolicyTags: { resource: onPolicy, run: (call) => list(call, findOwnPolicy(call, required(call, 'PolicyArn'))) },
};
