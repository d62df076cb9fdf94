import { fromEnv, fromInstanceMetadata, fromTokenFile } from '@aws-sdk/credential-providers';
import type { AccountConfig } from '../../config/types';
import { askContainer, containerEndpoint } from './container';
import { within } from './deadline';
import type { Link } from './link';
import { askProfile, describeProfile, type MetadataBounds } from './profile';
import { roleAssumers } from './sts';
import type { HttpHandler } from '../wire/http-handler';
import type { Environment } from '../wire/proxy';

export interface ChainOptions {
  readonly account: AccountConfig;
  /** The process's environment; the SDK's providers read it by themselves, so that it must be the same. */
  readonly env: Environment;
  readonly requestHandler: HttpHandler;
  readonly bounds: MetadataBounds;
}

/**
 * Builds the SDK's default chain of the SDK's providers, in its order, link by link: so that it can be told what was
 * tried, a program named in a profile runs once and not twice, and a silent metadata service has an end.
 */
export async function defaultChain(options: ChainOptions): Promise<readonly Link[]> {
  return [
    environment(options),
    await sharedFiles(options, options.env['AWS_PROFILE'] || 'default'),
    webIdentity(options),
    container(options),
    instance(options),
  ];
}

function environment({ env }: ChainOptions): Link {
  const missing = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'].filter((name) => !env[name]);
  return {
    place: 'environment variables',
    // A profile that is named wins over keys in the environment.
    skip: env['AWS_PROFILE'] ? 'passed over, AWS_PROFILE is set' : unset(missing),
    find: () => fromEnv()(),
  };
}

/** Makes the link for one profile of the shared files. */
export async function sharedFiles(options: Omit<ChainOptions, 'env'>, profile: string): Promise<Link> {
  const description = await describeProfile(profile);
  const { kind } = description;
  return {
    place: `shared files, profile "${profile}"${kind === 'none' ? '' : `, ${kind}`}`,
    find: () => askProfile({ ...options, profile }, description),
    // Whoever is to sign in must not become what the computer is. The SDK goes on when a login session cannot be renewed.
    ...((kind === 'SSO' || kind === 'login') && { isFinal: () => true }),
  };
}

function webIdentity({ account, env, requestHandler }: ChainOptions): Link {
  const missing = ['AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_ROLE_ARN'].filter((name) => !env[name]);
  const { roleAssumerWithWebIdentity } = roleAssumers(account, requestHandler);
  return {
    place: 'web identity',
    skip: unset(missing),
    find: () => fromTokenFile({ roleAssumerWithWebIdentity })(),
  };
}

function container({ env, bounds }: ChainOptions): Link {
  const endpoint = containerEndpoint(env);
  if (endpoint.kind !== 'url')
    return { place: 'container endpoint', skip: endpoint.why, find: () => Promise.reject(new Error(endpoint.why)) };
  const { url } = endpoint;
  return {
    place: `container endpoint ${shown(url)}`,
    find: () => within(bounds.totalMs, (signal) => askContainer(url, env, signal)),
    // The platform has named its endpoint: there is no metadata service to go on to.
    isFinal: () => true,
    mayBeAbsent: true,
  };
}

function instance({ env, bounds }: ChainOptions): Link {
  const address = env['AWS_EC2_METADATA_SERVICE_ENDPOINT'] ?? '';
  const disabled = env['AWS_EC2_METADATA_DISABLED'] ?? '';
  return {
    place: `EC2 metadata service${URL.canParse(address) ? ` ${shown(new URL(address))}` : ''}`,
    skip:
      containerEndpoint(env).kind !== 'none'
        ? 'passed over, a container endpoint is set'
        : disabled !== '' && disabled !== 'false'
          ? 'AWS_EC2_METADATA_DISABLED is set'
          : undefined,
    // The SDK would write to the console what it thinks of credentials that have expired.
    find: () =>
      within(bounds.totalMs, () => fromInstanceMetadata({ timeout: bounds.answerMs, maxRetries: 0, logger: SILENT })()),
    mayBeAbsent: true,
  };
}

const nothing = (): void => undefined;
const SILENT = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

const unset = (names: readonly string[]): string | undefined =>
  names.length === 0 ? undefined : `${names.join(' and ')} ${names.length > 1 ? 'are' : 'is'} not set`;

/** Without what may be a secret: user, password, query, fragment, and the long ids by which ECS knows a task. */
const shown = (url: URL): string =>
  `${url.origin}${url.pathname === '/' ? '' : url.pathname.replace(/[\w-]{16,}/g, '…')}`;
