import { fromIni } from '@aws-sdk/credential-providers';
import { parseKnownFiles } from '@smithy/core/config';
import type { AccountConfig } from '../../config/types';
import { within } from './deadline';
import type { GivenCredentials } from './link';
import { hearSignInErrors } from './sign-in';
import { roleAssumers } from './sts';
import type { HttpHandler } from '../wire/http-handler';

type Sections = Awaited<ReturnType<typeof parseKnownFiles>>;
type Section = Readonly<Record<string, string | undefined>>;

export interface ProfileOptions {
  readonly account: AccountConfig;
  readonly profile: string;
  readonly requestHandler: HttpHandler;
  readonly bounds: MetadataBounds;
}

/** Milliseconds for a metadata service: all it is asked for, and each of its answers. */
export interface MetadataBounds {
  readonly totalMs: number;
  readonly answerMs: number;
}

/** Which of its ways to credentials a profile names; `none` for a profile that is not there. */
export type ProfileKind = 'keys' | 'role' | 'web identity' | 'credential_process' | 'SSO' | 'login' | 'none';

export interface ProfileDescription {
  readonly kind: ProfileKind;
  /** The way begins at a container endpoint or the EC2 metadata service. */
  readonly asksMetadata: boolean;
  /** The way begins at a session of `aws login`, which is renewed in this region where its file names none. */
  readonly login: { readonly region: string | undefined } | undefined;
}

/** Tells what the shared files say of a profile, in the order in which the SDK judges. */
export async function describeProfile(profile: string): Promise<ProfileDescription> {
  const sections = await parseKnownFiles({ ignoreCache: true });
  const first = firstOf(sections, profile);
  return {
    kind: kindOf(sections[profile] ?? {}),
    asksMetadata: /^(EcsContainer|Ec2InstanceMetadata)$/.test(first['credential_source'] ?? ''),
    login: kindOf(first) === 'login' ? { region: first['region'] } : undefined,
  };
}

function kindOf(section: Section): ProfileKind {
  if (section['role_arn'] && (section['source_profile'] ?? section['credential_source'])) return 'role';
  if (section['aws_access_key_id'] && section['aws_secret_access_key']) return 'keys';
  if (section['web_identity_token_file'] && section['role_arn']) return 'web identity';
  if (section['credential_process']) return 'credential_process';
  if (section['sso_session'] ?? section['sso_start_url'] ?? section['sso_account_id']) return 'SSO';
  return section['login_session'] ? 'login' : 'none';
}

/** The profile at which the chain of `source_profile` begins. */
function firstOf(sections: Sections, profile: string, visited: ReadonlySet<string> = new Set()): Section {
  const section: Section = sections[profile] ?? {};
  const source = section['source_profile'];
  if (source === undefined || visited.has(source)) return section;
  return firstOf(sections, source, new Set([...visited, source]));
}

/**
 * Credentials by a profile of the shared files, which are read anew. Where it begins at a metadata service, that must
 * answer within the bounds; programs and sign-ins take what time they take.
 */
export async function askProfile(
  options: ProfileOptions,
  { asksMetadata, login }: ProfileDescription,
): Promise<GivenCredentials> {
  const { account, profile, requestHandler, bounds } = options;
  const { logger, outage } = hearSignInErrors();
  const ask = (called?: () => void): Promise<GivenCredentials> =>
    fromIni({
      profile,
      ignoreCache: true,
      // A region in here would outweigh that of the SSO session, which may be another than the account's.
      clientConfig: {
        requestHandler,
        maxAttempts: 1,
        logger,
        ...(login && { region: login.region ?? account.region }),
      },
      ...roleAssumers(account, requestHandler, called),
      ...metadataOptions(bounds),
    })().catch((error: unknown) => {
      throw outage() ?? error;
    });
  return asksMetadata ? within(bounds.totalMs, (_signal, waitNoMore) => ask(waitNoMore)) : ask();
}

/** Handed on to the metadata providers of a `credential_source`; the declarations of `fromIni` do not know them. */
const metadataOptions = ({ answerMs }: MetadataBounds): object => ({ timeout: answerMs, maxRetries: 0 });
