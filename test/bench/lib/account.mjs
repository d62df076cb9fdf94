// An account of the sandbox, and how configurations name it.

export const TOKEN = 'a-token-for-benches-only';
export const AUTH = { 'x-auth-token': TOKEN };

export const ACCOUNT = {
  id: '123456789012',
  name: 'demo',
  accessKeyId: 'AKIABENCHMARKS000001',
  secretAccessKey: 'secret-of-the-account-of-the-benches-0001',
};

/** The account's entry in a configuration; `changes` are added. */
export const accountEntry = (changes) => ({
  [ACCOUNT.name]: {
    id: ACCOUNT.id,
    region: 'us-east-1',
    akid: ACCOUNT.accessKeyId,
    secret: ACCOUNT.secretAccessKey,
    ...changes,
  },
});
