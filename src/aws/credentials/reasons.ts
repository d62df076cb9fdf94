import { METADATA_TIMEOUT } from './deadline';
import { readWireError, type Unreachable } from '../wire/wire-error';

/** Tells why a place gave no credentials, in words that hold nothing of what the place said: that may be a secret. */
export function whyNot(error: unknown): string {
  const status = statusOf(error);
  if (status !== undefined) return `refused with status ${status}`;
  if (isMetadataTimeout(error)) return UNREACHABLE.timeout;
  // Ahead of the network's errors, whose codes are of the same form.
  if (isFileError(error)) return 'its file cannot be read';
  const wire = readWireError(error, '');
  switch (wire.type) {
    case 'answer':
      return `refused with ${wire.code ?? `status ${wire.status}`}`;
    case 'unreachable':
      return UNREACHABLE[wire.why];
    case 'garbled':
    case 'other-document':
      return 'the answer was not one of AWS’s';
    case 'credentials':
    case 'endpoint':
    case 'bucket-name':
    case 'other':
      return reasonOfProvider(error);
  }
}

const UNREACHABLE: Readonly<Record<Unreachable, string>> = {
  timeout: 'did not answer',
  connect: 'no connection could be made',
  dns: 'the host name could not be resolved',
  network: 'the connection broke',
  tls: 'no secure connection could be made',
  proxy: 'the proxy made no connection',
  aborted: 'did not answer',
};

/** Tells whether a deadline ended the search. */
function isMetadataTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === METADATA_TIMEOUT;
}

/** Tells whether a token's file is not there or not for us. */
function isFileError(error: unknown): boolean {
  return (
    error instanceof Error &&
    'syscall' in error &&
    (error.syscall === 'open' || ('code' in error && error.code === 'EISDIR'))
  );
}

/** Tells whether this computer itself gave the verdict: the SDK's providers, a file, a deadline. Not a word of AWS. */
export function isLocal(error: unknown): boolean {
  return (
    isMetadataTimeout(error) ||
    isFileError(error) ||
    (error instanceof Error && /(^|Credentials|Token)ProviderError$/.test(error.name))
  );
}

/** Reads the status of a metadata service that refuses; the SDK's errors of STS have theirs elsewhere. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}

/**
 * What the SDK's providers mean by their sentences. A `credential_process` that fails has its command and its output in
 * there, so the sentences themselves stay inside.
 */
const SENTENCES: readonly (readonly [RegExp, string])[] = [
  [
    /^Could not resolve credentials using profile|could not be found in shared|^Profile .* was not found/,
    'no such profile, or no credentials in it',
  ],
  [/multi-factor/, 'it asks for the code of an MFA device'],
  [/Detected a cycle/, 'its source_profile leads back to itself'],
  [/^Unsupported credential source/, 'its credential_source is not one that exists'],
  [/returned expired credentials/, 'its credential_process gave credentials that have expired'],
  [/^Command failed|credential_process/, 'its credential_process failed'],
  [
    /^Unable to refresh .* permissions/,
    'its identity may not renew its login session; it needs signin:CreateOAuth2Token',
  ],
  [
    /^Failed to refresh token.*\b(EROFS|EACCES|EPERM|ENOSPC)\b/,
    'its renewed login session cannot be written to its file',
  ],
  [/^Failed to load token.*\b(EACCES|EPERM|EISDIR)\b/, 'its file cannot be read'],
  [
    /^Failed to (load|refresh) token|^Failed to generate Dpop|^Your session has expired|^Unable to refresh/,
    'its login session is missing or has ended; aws login renews it',
  ],
  // The SDK reads on in an `sso-session` that is not there.
  [/invalid SSO credentials|^Sso session|'sso_region'/, 'its SSO settings are not complete'],
  [/aws sso login|^UnauthorizedException/, 'its SSO session is missing or has ended; aws sso login renews it'],
  [/v1 fallback has been blocked/i, 'gave no token, and going without one is switched off'],
  [/^Timeout/, 'did not answer'],
];

function reasonOfProvider(error: unknown): string {
  if (!(error instanceof Error)) return 'not usable';
  if (error.name === 'MalformedAnswerError') return error.message;
  const meaning = SENTENCES.find(([sentence]) => sentence.test(error.message))?.[1];
  // An error of a service, as text.
  const code = /^([A-Z]\w+Exception): /.exec(error.message)?.[1];
  return meaning ?? (code === undefined ? 'not usable' : `refused with ${code}`);
}
