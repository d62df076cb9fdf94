import type { XmlObject } from '../../protocol/xml';
import { type IamCall, type OperationTable, isoDate } from './call';
import { encodedDocument, managedDocument } from './documents';
import { findOwnPolicy, findPolicy } from './find';
import { page } from './paging';
import { booleanOf, present, required } from './params';
import { refuse } from './refusals';
import { onPolicy } from './resources';
import type { Policy, PolicyVersion } from './state';

function view(policy: Policy, version: PolicyVersion): XmlObject {
  return {
    VersionId: version.id,
    IsDefaultVersion: version.id === policy.defaultVersion,
    CreateDate: isoDate(version.createdAt),
  };
}

function findVersion(call: IamCall, policy: Policy): PolicyVersion {
  const id = required(call, 'VersionId');
  const version = policy.versions.find((one) => one.id === id);
  return version ?? refuse('NoSuchEntity', `Policy ${policy.arn} version ${id} does not exist or is not attachable.`);
}

function create(call: IamCall): XmlObject {
  const policy = findOwnPolicy(call, required(call, 'PolicyArn'));
  const document = managedDocument(present(call, 'PolicyDocument'), call.quotas.policySize);
  if (policy.versions.length >= call.quotas.versionsPerPolicy) {
    refuse(
      'LimitExceeded',
      `A managed policy can have up to ${call.quotas.versionsPerPolicy} versions. Before you create a new version, you must delete an existing version.`,
    );
  }
  const version: PolicyVersion = { id: `v${policy.nextVersion}`, document, createdAt: call.now() };
  policy.nextVersion += 1;
  policy.versions.push(version);
  policy.updatedAt = version.createdAt;
  if (booleanOf(call, 'SetAsDefault')) policy.defaultVersion = version.id;
  return { PolicyVersion: view(policy, version) };
}

function get(call: IamCall): XmlObject {
  const policy = findPolicy(call, required(call, 'PolicyArn'));
  const version = findVersion(call, policy);
  return { PolicyVersion: { Document: encodedDocument(version.document), ...view(policy, version) } };
}

/** Newest first, as AWS lists them; the page's order key counts down for that. */
function list(call: IamCall): XmlObject {
  const policy = findPolicy(call, required(call, 'PolicyArn'));
  const newestFirst = (version: PolicyVersion): string => String(1e9 - Number(version.id.slice(1)));
  const { items, tail } = page(call, policy.versions, newestFirst);
  return { Versions: { member: items.map((version) => view(policy, version)) }, ...tail };
}

function remove(call: IamCall): void {
  const policy = findOwnPolicy(call, required(call, 'PolicyArn'));
  const version = findVersion(call, policy);
  if (version.id === policy.defaultVersion) refuse('DeleteConflict', 'Cannot delete the default version of a policy.');
  policy.versions = policy.versions.filter((one) => one !== version);
}

function setDefault(call: IamCall): void {
  const policy = findOwnPolicy(call, required(call, 'PolicyArn'));
  policy.defaultVersion = findVersion(call, policy).id;
  policy.updatedAt = call.now();
}

export const policyVersionOperations: OperationTable = {
  CreatePolicyVersion: { resource: onPolicy, run: create },
  GetPolicyVersion: { resource: onPolicy, run: get },
  ListPolicyVersions: { resource: onPolicy, run: list },
  DeletePolicyVersion: { resource: onPolicy, run: remove },
  SetDefaultPolicyVersion: { resource: onPolicy, run: setDefault },
};
