/** Temporary credentials that were handed out and still live. */
import { randomBytes } from 'node:crypto';
import type { Credential, CredentialSource, SignedPrincipal } from '../../identities';
import { newAccessKeyId, newSecret } from '../iam/ids';

export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly principal: SignedPrincipal;
}

export interface Sessions {
  readonly credentials: CredentialSource;
  /** Hands out credentials for `principal` that live `seconds`. */
  readonly open: (principal: SignedPrincipal, seconds: number) => Session;
  readonly snapshot: () => readonly Session[];
  readonly restore: (sessions: readonly Session[]) => void;
}

/** How long expired credentials are remembered, so that they are told apart from unknown ones. */
const REMEMBER_MS = 24 * 3600 * 1000;

export function createSessions(now: () => number): Sessions {
  const sessions = new Map<string, Session>();
  const forget = (): void => {
    for (const [id, session] of sessions) if (session.expiresAt + REMEMBER_MS < now()) sessions.delete(id);
  };
  return {
    credentials: {
      find: (accessKeyId): Credential | undefined => {
        const session = sessions.get(accessKeyId);
        if (session === undefined) return undefined;
        const { secretAccessKey, sessionToken, expiresAt, principal } = session;
        return { secretAccessKey, sessionToken, expiresAt, principal, active: true };
      },
    },
    open: (principal, seconds) => {
      forget();
      const session: Session = {
        accessKeyId: newAccessKeyId('ASIA'),
        secretAccessKey: newSecret(),
        sessionToken: randomBytes(180).toString('base64'),
        // Credentials expire on whole seconds: their expiry is told so.
        expiresAt: (Math.floor(now() / 1000) + seconds) * 1000,
        principal,
      };
      sessions.set(session.accessKeyId, session);
      return session;
    },
    snapshot: () => [...sessions.values()],
    restore: (stored) => {
      sessions.clear();
      for (const session of stored) sessions.set(session.accessKeyId, session);
    },
  };
}
