import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { s3Address } from '../../src/domain/client/rules/address';
import { bookmark } from '../../src/domain/client/rules/duck';
import { AWS, anyFolder } from '../domain/client/rules/settings';
import { runProgram, withProgram } from '../support/e2e/programs';
import { type SiteWorld, startSiteWorld } from '../support/e2e/site';

/** Bookmarks, opened by property list parsers that are not ours. */

/** The library that Cyberduck itself reads its bookmarks with. */
const DD_PLIST = 'com.googlecode.plist:dd-plist:1.28';
/** Maven fetches itself in parts, the first time. */
const PATIENCE_MS = 300_000;

/** What a parser found: texts by key, those of a dictionary inside below `<its key>/`. */
type Read = Readonly<Record<string, string>>;

interface Saved {
  readonly file: string;
  readonly expected: Read;
}

let world: SiteWorld;
let directory: string;
let saved: readonly Saved[];

beforeAll(async () => {
  world = await startSiteWorld();
  directory = mkdtempSync(join(tmpdir(), 'mallard-duck-'));
  saved = [await servedBookmark(), ...madeBookmarks()];
});
afterAll(async () => {
  rmSync(directory, { recursive: true, force: true });
  await world.stop();
});

function save(text: string, expected: Read): Saved {
  const file = join(mkdtempSync(join(directory, 'saved-')), 'x.duck');
  writeFileSync(file, text);
  return { file, expected };
}

/** Of a website's user of one folder, over HTTP. */
async function servedBookmark(): Promise<Saved> {
  const site = world.site('duck');
  expect((await world.create(site)).status).toBe(202);
  const user = world.name('duck');
  const made = await world.api<{ readonly AccessKey: { readonly AccessKeyId: string } }>(
    'POST',
    `/demo/websites/${site}/users`,
    { User: { UserName: user, Path: '/docs/' } },
  );
  const { status, text } = await world.api('GET', `/demo/websites/${site}/duck?user=${user}`);
  expect(status).toBe(200);
  const { hostname, port } = new URL(world.target.endpoint);
  return save(text, {
    Protocol: 's3',
    Provider: 'iterate GmbH',
    Nickname: `${site}/docs`,
    UUID: /<key>UUID<\/key>\s*<string>([0-9a-f-]{36})</.exec(text)?.[1] ?? '',
    Hostname: hostname,
    Port: port,
    Username: made.body.AccessKey.AccessKeyId,
    Path: `/${site}/docs`,
    'Web URL': `https://${site}`,
    'Custom/s3.bucket.virtualhost.disable': 'true',
  });
}

/** With folders of every kind. */
function madeBookmarks(): readonly Saved[] {
  return fc
    .sample(
      anyFolder.filter((path) => !path.endsWith(' ')),
      { numRuns: 60, seed: 7 },
    )
    .map((path) => {
      const text = bookmark({
        account: 'demo',
        name: 'photos',
        bucket: 'photos',
        address: s3Address(AWS),
        path,
        accessKeyId: undefined,
      });
      return save(text, {
        Protocol: 's3',
        Provider: 'iterate GmbH',
        Nickname: `photos/${path}`,
        UUID: /<key>UUID<\/key>\s*<string>([0-9a-f-]{36})</.exec(text)?.[1] ?? '',
        Hostname: 's3.us-east-1.amazonaws.com',
        Port: '443',
        Path: `/photos/${path}`,
        'Web URL': 'https://photos.s3.us-east-1.amazonaws.com',
      });
    });
}

const PLISTLIB = `
import json, plistlib, sys
def flat(entries, above=''):
    for key, value in entries.items():
        if isinstance(value, dict): yield from flat(value, key + '/')
        else: yield above + key, value
print(json.dumps([dict(flat(plistlib.load(open(name, 'rb')))) for name in sys.argv[1:]]))
`;

withProgram(
  'python3',
  'Python’s plistlib reads every text as it was',
  async (python) => {
    const { code, stdout, stderr } = await runProgram(python, ['-c', PLISTLIB, ...saved.map(({ file }) => file)], {});
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual(saved.map(({ expected }) => expected));
  },
  PATIENCE_MS,
);

withProgram(
  'mvn',
  'dd-plist, which Cyberduck uses, reads every text as it was',
  async (mvn) => {
    const jars = join(directory, 'jars');
    mkdirSync(jars);
    // Maven is told by its surroundings where to fetch from.
    const surroundings = Object.fromEntries(
      Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
    const fetched = await runProgram(
      mvn,
      ['-B', '-q', 'dependency:copy', `-Dartifact=${DD_PLIST}`, `-DoutputDirectory=${jars}`],
      surroundings,
    );
    expect({ code: fetched.code, said: fetched.code === 0 ? '' : fetched.stdout }).toEqual({ code: 0, said: '' });
    const program = join(__dirname, 'ReadBookmarks.java');
    const ended = await runProgram('java', ['-cp', join(jars, '*'), program, ...saved.map(({ file }) => file)], {});
    expect({ code: ended.code, stderr: ended.code === 0 ? '' : ended.stderr }).toEqual({ code: 0, stderr: '' });
    const read = new Map<string, Record<string, string>>();
    for (const line of ended.stdout.trim().split('\n')) {
      const [file = '', key = '', value = ''] = line.split(' ').map((part) => Buffer.from(part, 'base64').toString());
      read.set(file, { ...read.get(file), [key]: value });
    }
    expect(saved.map(({ file }) => read.get(file))).toEqual(saved.map(({ expected }) => expected));
  },
  PATIENCE_MS,
);
