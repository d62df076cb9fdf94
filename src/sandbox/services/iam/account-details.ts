/**
 * Users and groups of an account with their tags, memberships and policies, many in one answer.
 * Source: IAM API reference, GetAccountAuthorizationDetails, UserDetail, GroupDetail.
 */
import { AwsRefusal } from '../../contract';
import type { XmlObject } from '../../protocol/xml';
import type { IamCall, OperationTable } from './call';
import { encodedDocument } from './documents';
import { policyByArn, seen } from './find';
import { groupView } from './groups';
import { byName, page } from './paging';
import { invalid } from './refusals';
import { onAnything } from './resources';
import type { Account, Entity, Group, User } from './state';
import { fullView } from './users';

const FILTERS = ['User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy'];
const KNOWN = ['User', 'Group'];

/** What is asked for; the parts that are left out here answer NotImplemented, not less than there is. */
function filterOf(call: IamCall): readonly string[] {
  const asked = call.params.strings('Filter');
  const wrong = asked.find((one) => !FILTERS.includes(one));
  if (wrong !== undefined) invalid('filter', wrong, `Member must satisfy enum value set: [${FILTERS.join(', ')}]`);
  if (asked.length === 0 || asked.some((one) => !KNOWN.includes(one))) {
    throw new AwsRefusal(
      501,
      'NotImplemented',
      `The sandbox does not implement iam:GetAccountAuthorizationDetails but for the filters ${KNOWN.join(' and ')}.`,
    );
  }
  return asked;
}

const inlineView = (entity: Entity): XmlObject => ({
  member: Object.entries(entity.inline).map(([PolicyName, document]) => ({
    PolicyName,
    PolicyDocument: encodedDocument(document),
  })),
});

const attachedView = (account: Account, entity: Entity): XmlObject => ({
  member: entity.attached.map((arn) => ({ PolicyName: policyByArn(account, arn)?.name, PolicyArn: arn })),
});

const userDetail = (account: Account, user: User): XmlObject => ({
  ...fullView(account, user),
  GroupList: { member: user.groups },
  UserPolicyList: inlineView(user),
  AttachedManagedPolicies: attachedView(account, user),
});

const groupDetail = (account: Account, group: Group): XmlObject => ({
  ...groupView(account, group),
  GroupPolicyList: inlineView(group),
  AttachedManagedPolicies: attachedView(account, group),
});

type Item = { readonly kind: 'Group'; readonly entity: Group } | { readonly kind: 'User'; readonly entity: User };

function details(call: IamCall): XmlObject {
  const { account } = call;
  const filter = filterOf(call);
  const users = filter.includes('User') ? [...account.users.values()].filter((user) => seen(call, 'user', user)) : [];
  const groups = filter.includes('Group')
    ? [...account.groups.values()].filter((group) => seen(call, 'group', group))
    : [];
  const all: Item[] = [
    ...users.map((entity) => ({ kind: 'User', entity }) as const),
    ...groups.map((entity) => ({ kind: 'Group', entity }) as const),
  ];
  const { items, tail } = page(call, all, ({ kind, entity }) => `${kind}/${byName(entity)}`);
  return {
    UserDetailList: { member: items.flatMap((item) => (item.kind === 'User' ? userDetail(account, item.entity) : [])) },
    GroupDetailList: {
      member: items.flatMap((item) => (item.kind === 'Group' ? groupDetail(account, item.entity) : [])),
    },
    ...tail,
  };
}

export const accountDetailOperations: OperationTable = {
  GetAccountAuthorizationDetails: { resource: onAnything, run: details },
};
