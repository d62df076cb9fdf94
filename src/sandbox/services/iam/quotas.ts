/** IAM's limits. Source: IAM User Guide, "IAM and AWS STS quotas"; the defaults of an account nobody raised. */
export interface Quotas {
  readonly usersPerAccount: number;
  readonly groupsPerAccount: number;
  readonly rolesPerAccount: number;
  readonly policiesPerAccount: number;
  readonly groupsPerUser: number;
  /** Managed policies attached to one user, group or role. */
  readonly attachedPolicies: number;
  readonly accessKeysPerUser: number;
  readonly versionsPerPolicy: number;
  /** Characters without white space. */
  readonly policySize: number;
  /** Characters without white space, over all inline policies of one entity. */
  readonly inlineUser: number;
  readonly inlineGroup: number;
  readonly inlineRole: number;
  readonly tags: number;
  readonly mfaDevicesPerUser: number;
  readonly certificatesPerUser: number;
  readonly sshKeysPerUser: number;
  /** Per service and user. */
  readonly serviceCredentials: number;
}

export const DEFAULT_QUOTAS: Quotas = {
  usersPerAccount: 5000,
  groupsPerAccount: 300,
  rolesPerAccount: 1000,
  policiesPerAccount: 1500,
  groupsPerUser: 10,
  attachedPolicies: 10,
  accessKeysPerUser: 2,
  versionsPerPolicy: 5,
  policySize: 6144,
  inlineUser: 2048,
  inlineGroup: 5120,
  inlineRole: 10_240,
  tags: 50,
  mfaDevicesPerUser: 8,
  certificatesPerUser: 2,
  sshKeysPerUser: 5,
  serviceCredentials: 2,
};
