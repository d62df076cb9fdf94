import type { AccountConfig } from '../config/types';
import type { CredentialSource, Identity } from './credentials/source';
import { partitionOf } from '../base/partitions';
import { type ClientOf, type RawClient, type ServiceName, services } from './services';
import type { HttpHandler } from './wire/http-handler';
import { nameOperation } from './wire/operation-agent';

/**
 * Clients of one account and one set of credentials, each made when it is first asked for. Without a region: the one that
 * the table of services says.
 */
export type Clients = <Name extends ServiceName>(service: Name, region?: string) => Promise<ClientOf<Name>>;

/**
 * Makes the clients of a session. Every client sends once (`maxAttempts: 1`): an SDK that repeats CreateAccessKey after
 * a lost answer leaves a key whose secret nobody knows. The step policy repeats.
 */
export function createClients(
  account: AccountConfig,
  credentials: CredentialSource,
  requestHandler: HttpHandler,
): Clients {
  // The SDK would keep what it is given by the system's clock; this mark leaves keeping to the source.
  const provider = Object.assign((): Promise<Identity> => credentials.get(), { memoized: true as const });
  const common = {
    credentials: provider,
    requestHandler,
    maxAttempts: 1,
    // AWS_RETRY_MODE=adaptive would hold calls back on top of the step policy.
    retryMode: 'standard',
    customUserAgent: 'mallard',
    ...(account.endpoint !== undefined && { endpoint: account.endpoint }),
    ...(account.credentials.kind === 'profile' && { profile: account.credentials.profile }),
  };
  // With an endpoint of its own a client of a global service, too, signs with the region it was given.
  const globalRegion = partitionOf(account.region).iamRegion;
  const usualRegion = (service: ServiceName): string =>
    services[service].region === 'global' ? globalRegion : account.region;

  const made = new Map<string, Promise<RawClient>>();
  const make = async (service: ServiceName, region: string): Promise<RawClient> => {
    const client = await services[service].client({ ...common, region }, account);
    nameOperation(client);
    return client;
  };
  return <Name extends ServiceName>(service: Name, region = usualRegion(service)) => {
    const key = `${service}/${region}`;
    const client = made.get(key) ?? make(service, region);
    made.set(key, client);
    // What the row of that name makes.
    return client as Promise<ClientOf<Name>>;
  };
}
