import { fromIni } from '@aws-sdk/credential-providers';
import { parseKnownFiles } from '@smithy/core/config';
import type { AccountConfig } from '../../config/types';
import { within } from './deadline';
import type { GivenCredentials } from './link';
import { roleAssumers } from './sts';
import type { HttpHandler } from '../wire/http-handler';

type Sections = Awaited<ReturnType<typeof parseKnownFiles>>;

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

/**
 * Tells what the shared files say of a profile, in the order in which the SDK judges. `asksMetadata`: the way begins at
 * a container endpoint or the EC2 metadata service.
 */
export async function describeProfile(
  profile: string,
): Promise<{ readonly kind: ProfileKind; readonly asksMetadata: boolean }> {
  const sections = await parseKnownFiles({ ignoreCache: true });
  return { kind: kindOf(sections[profile] ?? {}), asksMetadata: beginsAtMetadata(sections, profile) };
}

function kindOf(section: Sections[string]): ProfileKind {
  if (section['role_arn'] && (section['source_profile'] ?? section['credential_source'])) return 'role';
  if (section['aws_access_key_id'] && section['aws_secret_access_key']) return 'keys';
  if (section['web_identity_token_file'] && section['role_arn']) return 'web identity';
  if (section['credential_process']) return 'credential_process';
  if (section['sso_session'] ?? section['sso_start_url'] ?? section['sso_account_id']) return 'SSO';
  return section['login_session'] ? 'login' : 'none';
}

function beginsAtMetadata(sections: Sections, profile: string, visited: ReadonlySet<string> = new Set()): boolean {
  const section = sections[profile];
  const source = section?.['source_profile'];
  if (source !== undefined && !visited.has(source))
    return beginsAtMetadata(sections, source, new Set([...visited, source]));
  return /^(EcsContainer|Ec2InstanceMetadata)$/.test(section?.['credential_source'] ?? '');
}

/**
 * Credentials by a profile of the shared files, which are read anew. Where it begins at a metadata service, that must
 * answer within the bounds; programs and sign-ins take what time they take.
 */
export async function askProfile(options: ProfileOptions, asksMetadata: boolean): Promise<GivenCredentials> {
  const { account, profile, requestHandler, bounds } = options;
  const ask = (called?: () => void): Promise<GivenCredentials> =>
    fromIni({
      profile,
      ignoreCache: true,
      // For the clients of SSO and of sign-ins.
      clientConfig: { region: account.region, requestHandler, maxAttempts: 1 },
      ...roleAssumers(account, requestHandler, called),
      ...metadataOptions(bounds),
    })();
  return asksMetadata ? within(bounds.totalMs, (_signal, waitNoMore) => ask(waitNoMore)) : ask();
}

/** Handed on to the metadata providers of a `credential_source`; the declarations of `fromIni` do not know them. */
const metadataOptions = ({ answerMs }: MetadataBounds): object => ({ timeout: answerMs, maxRetries: 0 });
