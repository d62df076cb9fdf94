// The clients that are generated from openapi.yaml, and how each is made ready. Found out by trying the pinned release:
//
// OpenAPI Generator 7.26.0 comes from PyPI with its jar, and needs Java 11. It refuses a document of OpenAPI 3.1 with more
// than 50 YAML aliases. Java gives lists that may not be null an empty list by default and sends it, and null for members
// without a type. Python's from_dict and from_json send null for every absent member that may be null, and look for patterns
// from the first character.
import { closeSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './child.mjs';
import { readStamp } from './digest.mjs';
import { inProject, say } from './project.mjs';

/** Everything of the clients is here; may be deleted at any time. */
const HOME = '.generated';
const STAMP = join(HOME, 'venv', '.mallard-requirements');
/** The generator, and what its Python client needs. Pinned. */
const REQUIREMENTS = [
  'openapi-generator-cli==7.26.0',
  'pydantic==2.14.4',
  'python-dateutil==2.9.0.post0',
  'typing-extensions==4.16.0',
  'urllib3==2.8.0',
];

const home = (...parts) => inProject(HOME, ...parts);
const venvBin = home('venv', 'bin');
const programs = inProject('test', 'clients', 'generated');

let logs = 0;

/** What the command says is of interest only when it fails: the generator speaks of every file it writes. */
async function must(command, args) {
  logs += 1;
  const log = home(`${process.pid}-${logs}.log`);
  const output = openSync(log, 'w');
  try {
    const code = await run(command, args, { stdio: ['ignore', output, output], heartbeat: command.split('/').at(-1) });
    if (code === 0) return;
    throw new Error(
      `${command} ${args.join(' ')} ended with code ${code}:\n${readFileSync(log, 'utf8').split('\n').slice(-40).join('\n')}`,
    );
  } finally {
    closeSync(output);
    rmSync(log);
  }
}

/** Makes the venv with the generator; does nothing when it is there. */
export async function installGenerator() {
  const wanted = REQUIREMENTS.join('\n');
  if (readStamp(STAMP) === wanted) return;
  say(`installing ${REQUIREMENTS.join(', ')} into ${HOME}`);
  mkdirSync(home(), { recursive: true });
  await must('python3', ['-m', 'venv', '--clear', home('venv')]);
  await must(join(venvBin, 'pip'), [
    'install',
    '--disable-pip-version-check',
    '--no-input',
    '--no-compile',
    '--quiet',
    ...REQUIREMENTS,
  ]);
  writeFileSync(inProject(STAMP), `${wanted}\n`);
}

/** Writes the sources of a client anew. */
async function generate(generator, options) {
  const target = home(generator);
  rmSync(target, { recursive: true, force: true });
  // Not its own start script, which says of nothing that it failed.
  const [python = ''] = readdirSync(home('venv', 'lib'));
  const jar = home('venv', 'lib', python, 'site-packages', 'openapi_generator_cli', 'openapi-generator.jar');
  await must('java', [
    '-jar',
    jar,
    'generate',
    '-i',
    inProject('openapi.yaml'),
    '-g',
    generator,
    '-o',
    target,
    ...options,
  ]);
  return target;
}

/**
 * @typedef {{name: string, ways: readonly string[], prepare: () => Promise<void>,
 *   command: (address: string, token: string) => {command: string, args: readonly string[], env?: NodeJS.ProcessEnv}}} Client
 *   `ways`: what stands between its name and a member's in the names of its buckets.
 * @type {readonly Client[]}
 */
export const CLIENTS = [
  {
    name: 'java',
    ways: ['java'],
    prepare: async () => {
      const packages = 'invokerPackage=mallard,apiPackage=mallard.api,modelPackage=mallard.model';
      const target = await generate('java', ['--library', 'native', '--additional-properties', packages]);
      // Maven is told by its surroundings where to fetch from.
      await must('mvn', [
        '-B',
        '-q',
        '-ntp',
        '-f',
        join(target, 'pom.xml'),
        'compile',
        'dependency:copy-dependencies',
        '-DincludeScope=compile',
        '-DoutputDirectory=target/jars',
      ]);
      await must('javac', [
        '-proc:none',
        '-nowarn',
        '-d',
        join(target, 'flows'),
        '-cp',
        javaPath(target),
        join(programs, 'GeneratedFlows.java'),
      ]);
    },
    command: (address, token) => ({
      command: 'java',
      args: [
        '-cp',
        [join(home('java'), 'flows'), javaPath(home('java'))].join(delimiter),
        'GeneratedFlows',
        address,
        token,
      ],
    }),
  },
  {
    name: 'python',
    ways: ['python-constructor', 'python-dict', 'python-json'],
    prepare: async () => {
      await generate('python', ['--additional-properties', 'packageName=mallard_client']);
    },
    command: (address, token) => ({
      command: join(venvBin, 'python3'),
      args: ['-B', join(programs, 'generated_flows.py'), address, token],
      env: { ...process.env, PYTHONPATH: home('python') },
    }),
  },
];

function javaPath(target) {
  return [
    join(target, 'target', 'classes'),
    ...readdirSync(join(target, 'target', 'jars')).map((jar) => join(target, 'target', 'jars', jar)),
  ].join(delimiter);
}
