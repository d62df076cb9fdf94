import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  AssumeRoleWithWebIdentityCommand,
  type AssumeRoleWithWebIdentityCommandInput,
  type Credentials,
  STSClient,
} from '@aws-sdk/client-sts';
import type { AccountConfig } from '../../config/types';
import { identityOf } from './assume-role';
import type { HttpHandler } from '../wire/http-handler';

interface Issued {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** How the SDK's providers come to sessions of roles that profiles and the environment name. */
export interface RoleAssumers {
  readonly roleAssumer: (source: Issued, input: AssumeRoleCommandInput) => Promise<Issued>;
  readonly roleAssumerWithWebIdentity: (input: AssumeRoleWithWebIdentityCommandInput) => Promise<Issued>;
}

/**
 * Ours and not the providers' own: these send once, through the account's endpoint and the one way out (proxy, own
 * certificates), which the providers forget for the web identity of a profile. `called` is told when STS is asked.
 */
export function roleAssumers(
  account: AccountConfig,
  requestHandler: HttpHandler,
  called: () => void = () => undefined,
): RoleAssumers {
  const settings = {
    region: account.region,
    requestHandler,
    maxAttempts: 1,
    retryMode: 'standard',
    defaultsMode: 'standard',
    customUserAgent: 'mallard',
    ...(account.endpoint !== undefined && { endpoint: account.endpoint }),
    ...(account.credentials.kind === 'profile' && { profile: account.credentials.profile }),
  } as const;
  return {
    roleAssumer: async (source, input) => {
      called();
      const client = new STSClient({ ...settings, credentials: source });
      return issued((await client.send(new AssumeRoleCommand(input))).Credentials);
    },
    roleAssumerWithWebIdentity: async (input) => {
      called();
      // The token is all the proof there is: the request is not signed.
      const client = new STSClient(settings);
      return issued((await client.send(new AssumeRoleWithWebIdentityCommand(input))).Credentials);
    },
  };
}

function issued(given: Credentials | undefined): Issued {
  const identity = identityOf(given);
  if (identity === undefined)
    throw Object.assign(new Error('STS answered without credentials'), { name: 'MalformedAnswerError' });
  return { ...identity, ...(given?.Expiration && { expiration: given.Expiration }) };
}
