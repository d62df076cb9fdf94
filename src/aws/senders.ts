import type { Clock } from '../base/clock';
import type { AccountConfig } from '../config/types';
import { type Attempt, attempt } from './call';
import { createClients } from './clients';
import type { CredentialSource } from './credentials/source';
import { type ServiceName, services } from './services';
import type { Senders } from './types';
import { createBucketRegions, followBucketRegion } from './wire/bucket-region';
import type { HttpHandler } from './wire/http-handler';
import type { CallListener } from './wire/instrument';

export interface SendersOptions {
  readonly account: AccountConfig;
  readonly credentials: CredentialSource;
  readonly handler: HttpHandler;
  readonly clock: Clock;
  readonly onCall: CallListener | undefined;
}

/** Makes a `send` for each row of the table of services, all with the same credentials. */
export function sendersOf({ account, credentials, handler, clock, onCall }: SendersOptions): Senders {
  const clients = createClients(account, credentials, handler);
  const bucketRegions = createBucketRegions();
  const senderOf = (service: ServiceName): SendAny => {
    const site = { service, accountName: account.name, credentials, clock, onCall };
    const once = async (region: string | undefined, command: object, options: unknown): Promise<Attempt> =>
      attempt(site, await clients(service, region), command, options);
    return promised(
      services[service].region === 'bucket'
        ? followBucketRegion(account.region, bucketRegions, once)
        : (command, options) => once(undefined, command, options),
    );
  };
  const names = Object.keys(services) as readonly ServiceName[];
  return Object.fromEntries(names.map((name) => [name, senderOf(name)])) as { readonly [N in ServiceName]: SendAny };
}

type SendAny = (command: object, options?: unknown) => Promise<never>;

/**
 * Output or failure as a promise. Which output belongs to which command is known to the SDK's declarations only: a
 * promise of `never` fits each of them, so that the callers see the client's own types. The form with a callback is not
 * served.
 */
function promised(send: (command: object, options: unknown) => Promise<Attempt>): SendAny {
  return async (command, options) => {
    const result = await send(command, options);
    if (!result.ok) throw result.failure;
    return result.output as never;
  };
}
