/** Customer managed policies. */
import type { XmlObject } from '../../protocol/xml';
import { awsPolicies } from './aws-policies';
import { attachments, attachmentsOf, boundaryUses } from './attachments';
import { type IamCall, type OperationTable, freshnessKey, isoDate } from './call';
import { managedDocument } from './documents';
import { findOwnPolicy, findPolicy, seen } from './find';
import { newId } from './ids';
import { byName, page } from './paging';
import { booleanOf, optional, pathOf, present, required } from './params';
import { invalid, quotaExceeded, refuse } from './refusals';
import { onAnything, onPolicy } from './resources';
import { type Policy, arnOf } from './state';
import { tagView } from './users';
import { tagsOf } from './tags';

interface Uses {
  readonly attached: ReadonlyMap<string, number>;
  readonly boundary: ReadonlyMap<string, number>;
}

/** As lists show a policy: without description and tags. */
function view(policy: Policy, uses: Uses): XmlObject {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersion,
    AttachmentCount: uses.attached.get(policy.arn) ?? 0,
    PermissionsBoundaryUsageCount: uses.boundary.get(policy.arn) ?? 0,
    IsAttachable: true,
    CreateDate: isoDate(policy.createdAt),
    UpdateDate: isoDate(policy.updatedAt),
  };
}

function usesIn(call: IamCall): Uses {
  return { attached: attachments(call.account), boundary: boundaryUses(call.account) };
}

function create(call: IamCall): XmlObject {
  const { account, quotas } = call;
  const name = required(call, 'PolicyName');
  const path = pathOf(call);
  const tags = tagsOf(call);
  const description = call.params.get('Description');
  if (description !== undefined && description.length > 1000) {
    invalid('description', description, 'Member must have length less than or equal to 1000');
  }
  const document = managedDocument(present(call, 'PolicyDocument'), quotas.policySize);
  if (account.policies.has(name.toLowerCase())) {
    refuse('EntityAlreadyExists', `A policy called ${name} already exists. Duplicate names are not allowed.`);
  }
  if (account.policies.size >= quotas.policiesPerAccount)
    quotaExceeded('PoliciesPerAccount', quotas.policiesPerAccount);
  const createdAt = call.now();
  const policy: Policy = {
    arn: arnOf(account, 'policy', path, name),
    name,
    path,
    id: newId('ANPA'),
    ...(description === undefined || description === '' ? {} : { description }),
    createdAt,
    updatedAt: createdAt,
    tags,
    versions: [{ id: 'v1', document, createdAt }],
    defaultVersion: 'v1',
    nextVersion: 2,
  };
  account.policies.set(name.toLowerCase(), policy);
  call.consistency.created(freshnessKey('policy', account.id, name));
  return { Policy: { ...view(policy, usesIn(call)), Tags: tagView(tags) } };
}

function get(call: IamCall): XmlObject {
  const policy = findPolicy(call, required(call, 'PolicyArn'));
  return {
    Policy: {
      ...view(policy, usesIn(call)),
      Description: policy.description,
      Tags: { member: policy.tags.map(({ Key, Value }) => ({ Key, Value })) },
    },
  };
}

function list(call: IamCall): XmlObject {
  const { params } = call;
  const scope = params.get('Scope') ?? 'All';
  const usage = params.get('PolicyUsageFilter');
  if (!['All', 'AWS', 'Local'].includes(scope))
    invalid('scope', scope, 'Member must satisfy enum value set: [All, AWS, Local]');
  const prefix = optional(call, 'PathPrefix') ?? '/';
  const onlyAttached = booleanOf(call, 'OnlyAttached');
  const uses = usesIn(call);
  const all = [
    ...(scope === 'AWS' ? [] : call.account.policies.values()),
    ...(scope === 'Local' ? [] : awsPolicies(call.account.partition).values()),
  ];
  const asBoundary = (policy: Policy): boolean => (uses.boundary.get(policy.arn) ?? 0) > 0;
  const asPermissions = (policy: Policy): boolean => (uses.attached.get(policy.arn) ?? 0) > 0;
  const chosen = all.filter(
    (policy) =>
      policy.path.startsWith(prefix) &&
      seen(call, 'policy', policy) &&
      (!onlyAttached || asPermissions(policy) || asBoundary(policy)) &&
      (usage === undefined || (usage === 'PermissionsBoundary' ? asBoundary(policy) : asPermissions(policy))),
  );
  const { items, tail } = page(call, chosen, byName);
  return { Policies: { member: items.map((policy) => view(policy, uses)) }, ...tail };
}

/** The default version goes with the policy; other versions and attachments must be gone before. */
function remove(call: IamCall): void {
  const policy = findOwnPolicy(call, required(call, 'PolicyArn'));
  if (policy.versions.length > 1) {
    refuse(
      'DeleteConflict',
      "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
    );
  }
  if (attachmentsOf(call.account, policy.arn) > 0)
    refuse('DeleteConflict', 'Cannot delete a policy attached to entities.');
  call.account.policies.delete(policy.name.toLowerCase());
  call.consistency.removed(freshnessKey('policy', call.account.id, policy.name));
}

export const policyOperations: OperationTable = {
  CreatePolicy: { resource: onPolicy, run: create },
  GetPolicy: { resource: onPolicy, run: get },
  ListPolicies: { resource: onAnything, run: list },
  DeletePolicy: { resource: onPolicy, run: remove },
};
