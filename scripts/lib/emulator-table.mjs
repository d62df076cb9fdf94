// The AWS emulators that the conformance run uses, and how each is started. Found out by trying the pinned releases:
//
// moto 5.2.5      by scripts/moto-server.py, one request at a time; answers GET / once it is up; account 123456789012 unless
//                 MOTO_ACCOUNT_ID says otherwise (an empty value gives an empty account id); any key is accepted; all state
//                 in memory, emptied by POST /moto-api/reset; ends on SIGTERM at once.
// ministack 1.5.33  `ministack`, everything by environment: GATEWAY_PORT (4566), BIND_HOST (0.0.0.0 by default),
//                 MINISTACK_ACCOUNT_ID (000000000000 by default; an access key of 12 digits is taken for an account id),
//                 IOT_MTLS_ENABLED=0 keeps it from also listening on 8883. GET /_ministack/health tells when it is up; POST
//                 /_ministack/reset empties it; any key is accepted while AUTH is not `true`. It writes a pid file to
//                 TMPDIR and keeps everything else in memory while S3_PERSIST is unset. SIGTERM is a clean end.
//
// Both are given the same account id, so that tests need not know which one they speak to.
import { inProject } from './project.mjs';

export const EMULATOR_ACCOUNT = '123456789012';

/** Pinned. The AWS CLI brings its own botocore, so it goes into the same venv without quarrel. */
export const REQUIREMENTS = ['moto[server]==5.2.5', 'ministack==1.5.33', 'awscli==1.46.3'];

/**
 * @typedef {{program: string, args: (port: number) => string[], env: (port: number) => Record<string, string>,
 *   ready: string}} Emulator `ready` is the path that answers 200 when it is up.
 * @type {Readonly<Record<string, Emulator>>}
 */
export const EMULATORS = {
  moto: {
    program: 'python3',
    args: (port) => [inProject('scripts', 'moto-server.py'), String(port)],
    env: () => ({ MOTO_ACCOUNT_ID: EMULATOR_ACCOUNT }),
    ready: '/',
  },
  ministack: {
    program: 'ministack',
    args: () => [],
    env: (port) => ({
      GATEWAY_PORT: String(port),
      BIND_HOST: '127.0.0.1',
      MINISTACK_ACCOUNT_ID: EMULATOR_ACCOUNT,
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
      LOG_LEVEL: 'WARNING',
    }),
    ready: '/_ministack/health',
  },
};
