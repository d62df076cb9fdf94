import type { XmlObject } from '../../protocol/xml';
import type { IamCall, OperationTable } from './call';
import { onAnything } from './resources';

function summary(call: IamCall): XmlObject {
  const { account, quotas } = call;
  const devices = [...account.mfaDevices.values()];
  const policies = [...account.policies.values()];
  const counts: Record<string, number> = {
    Users: account.users.size,
    UsersQuota: quotas.usersPerAccount,
    Groups: account.groups.size,
    GroupsQuota: quotas.groupsPerAccount,
    Roles: account.roles.size,
    RolesQuota: quotas.rolesPerAccount,
    Policies: account.policies.size,
    PoliciesQuota: quotas.policiesPerAccount,
    PolicySizeQuota: quotas.policySize,
    PolicyVersionsInUse: policies.reduce((sum, policy) => sum + policy.versions.length, 0),
    VersionsPerPolicyQuota: quotas.versionsPerPolicy,
    GroupsPerUserQuota: quotas.groupsPerUser,
    AccessKeysPerUserQuota: quotas.accessKeysPerUser,
    AttachedPoliciesPerUserQuota: quotas.attachedPolicies,
    AttachedPoliciesPerGroupQuota: quotas.attachedPolicies,
    AttachedPoliciesPerRoleQuota: quotas.attachedPolicies,
    UserPolicySizeQuota: quotas.inlineUser,
    GroupPolicySizeQuota: quotas.inlineGroup,
    SigningCertificatesPerUserQuota: quotas.certificatesPerUser,
    MFADevices: devices.length,
    MFADevicesInUse: devices.filter((device) => device.userName !== undefined).length,
    // The root key is the one the sandbox was started with.
    AccountAccessKeysPresent: 1,
    AccountMFAEnabled: 0,
  };
  return { SummaryMap: { entry: Object.entries(counts).map(([key, value]) => ({ key, value })) } };
}

export const accountOperations: OperationTable = { GetAccountSummary: { resource: onAnything, run: summary } };
