import { readWireError } from '../wire/wire-error';

const nothing = (): void => undefined;

export interface SignInErrors {
  /** For the configuration of the SDK's clients of IAM Identity Center and of `aws login`. */
  readonly logger: {
    readonly debug: () => void;
    readonly info: () => void;
    readonly warn: () => void;
    readonly error: (said: unknown) => void;
  };
  /** What the last call ended with, when that says nothing of the sign-in: no answer came, or one of 429 or 5xx. */
  readonly outage: () => unknown;
}

/**
 * Hears what calls to IAM Identity Center and to the sign-in service end with. The SDK's providers keep the text alone, and say
 * that somebody must sign in again; the clients tell their logger the error itself.
 */
export function hearSignInErrors(): SignInErrors {
  let last: unknown;
  return {
    logger: {
      debug: nothing,
      // Of a call that went well.
      info: () => {
        last = undefined;
      },
      warn: nothing,
      error: (said) => {
        last = typeof said === 'object' && said !== null && 'error' in said ? said.error : undefined;
      },
    },
    outage: () => (isOutage(last) ? last : undefined),
  };
}

function isOutage(error: unknown): boolean {
  const wire = readWireError(error, '');
  if (wire.type === 'unreachable') return true;
  if (wire.type !== 'answer' && wire.type !== 'garbled') return false;
  return wire.status !== undefined && (wire.status >= 500 || wire.status === 429);
}
