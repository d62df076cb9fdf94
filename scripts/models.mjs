// The watch over AWS's service models, from PyPI's botocore; needs python3 with pip, and is no part of CI.
//   npm run models                       compares the newest botocore with the state last reviewed, scripts/models.json
//   npm run models -- --from 1.40.70     compares it with that version instead; --to VERSION: another than the newest
//   npm run models -- --accept           after a review: makes it the state reviewed
// Exits with 1 when something differs.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, exit } from 'node:process';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { differences, digestOfPartitions, digestOfService } from './lib/models.mjs';
import { inProject, say } from './lib/project.mjs';

const STATE = inProject('scripts/models.json');
const SERVICES = ['s3', 's3control', 'iam', 'sts', 'cloudfront', 'route53', 'acm'];

const { values: options } = parseArgs({
  args: argv.slice(2),
  options: { from: { type: 'string' }, to: { type: 'string' }, accept: { type: 'boolean', default: false } },
});

/** The operations that the sources call, by service: their commands, and the packages these come from. */
function calledOperations() {
  const called = Object.fromEntries(SERVICES.map((service) => [service, new Set()]));
  const sources = readdirSync(inProject('src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((path) => !path.includes('/sandbox/'));
  for (const path of sources) {
    const text = readFileSync(path, 'utf8');
    const imports = [...text.matchAll(/import (?:type )?\{([^}]*)\} from '@aws-sdk\/client-([\w-]+)'/g)];
    for (const [, name] of text.matchAll(/new ([A-Z]\w+)Command\(/g)) {
      const [, , client] = imports.find(([, names]) => new RegExp(`\\b${name}Command\\b`).test(names)) ?? [];
      const service = client?.replace('route-53', 'route53');
      // What came through a file in between may be any service's.
      for (const one of service === undefined ? SERVICES : [service]) called[one]?.add(name);
    }
    // These are no commands of an SDK.
    for (const [, name] of text.matchAll(/\bs3control\(\{\s*operation: '(\w+)'/g)) called.s3control.add(name);
  }
  return called;
}

function digestOf(version, called) {
  const folder = mkdtempSync(join(tmpdir(), 'mallard-models-'));
  try {
    const wanted = version === undefined ? 'botocore' : `botocore==${version}`;
    const quiet = ['--no-deps', '--quiet', '--disable-pip-version-check', '--only-binary', ':all:'];
    execFileSync('python3', ['-m', 'pip', 'download', wanted, ...quiet, '--dest', folder], { stdio: 'inherit' });
    const wheel = readdirSync(folder).find((name) => name.endsWith('.whl'));
    execFileSync('python3', ['-m', 'zipfile', '-e', join(folder, wheel), folder]);
    const data = join(folder, 'botocore', 'data');
    const services = SERVICES.map((service) => {
      const newest = readdirSync(join(data, service)).sort().at(-1);
      const model = JSON.parse(gunzipSync(readFileSync(join(data, service, newest, 'service-2.json.gz'))));
      return [service, digestOfService(model, called[service])];
    });
    return {
      botocore: /^botocore-([\d.]+)-/.exec(wheel)?.[1],
      services: Object.fromEntries(services),
      partitions: digestOfPartitions(JSON.parse(readFileSync(join(data, 'partitions.json'), 'utf8'))),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const called = calledOperations();
const after = digestOf(options.to, called);
if (options.accept) {
  writeFileSync(STATE, `${JSON.stringify(after)}\n`);
  say(`botocore ${after.botocore} is the state reviewed`);
  exit(0);
}
const before = options.from === undefined ? JSON.parse(readFileSync(STATE, 'utf8')) : digestOf(options.from, called);
const lines = differences(before, after);
for (const line of lines) say(line);
say(`botocore ${before.botocore} → ${after.botocore}: ${lines.length} differences`);
exit(lines.length === 0 ? 0 : 1);
