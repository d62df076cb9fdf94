import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectCaught, lintedBeforeAll } from './support/lint';
import { type Planted, violations } from './support/planted-violations';
import { fencedBlocks } from './support/readme';

/**
 * The lint rules are proven by planting what they must catch; those that need types are in lint-typed.test.ts.
 */

const root = join(__dirname, '..');

/** What a newcomer copies; where each goes stands beside its fence. */
const documented = fencedBlocks(readFileSync(join(root, 'docs/adding-an-operation.md'), 'utf8'))
  .filter(({ language }) => language === 'ts')
  .map(({ label, text }) => ({ title: `docs/adding-an-operation.md: ${label}`, path: label, text }));

const allowed: readonly (Planted & { readonly title: string })[] = [
  {
    title: 'engine ← errors, clock',
    path: 'src/engine/x.ts',
    text: "import { fail } from '../base/errors';\nimport type { Clock } from '../base/clock';\nexport type C = Clock;\nexport const f = fail;",
  },
  {
    title: 'aws ← SDK, config types',
    path: 'src/aws/x.ts',
    text: "import { S3Client } from '@aws-sdk/client-s3';\nimport type { Config } from '../config/types';\nexport type C = Config;\nexport const s = S3Client;",
  },
  {
    title: 'steps ← SDK, session types, engine, names',
    path: 'src/domain/bucket/aws/x.ts',
    text: "import { CreateBucketCommand } from '@aws-sdk/client-s3';\nimport type { AwsSession } from '../../../aws/types';\nimport { step } from '../../../engine/plan';\nimport { n } from '../../shared/names';\nexport type S = AwsSession;\nexport const a = [CreateBucketCommand, step, n];",
  },
  {
    title: 'operations ← steps, reads, session types, lower slices',
    path: 'src/domain/bucket/x.ts',
    text: "import { s } from './aws/make-bucket';\nimport { r } from '../access/aws/role';\nimport type { AwsSession } from '../../aws/types';\nexport type S = AwsSession;\nexport const a = [s, r];",
  },
  {
    title: 'rules ← rules, shared, secret, plist',
    path: 'src/domain/client/rules/x.ts',
    text: "import plist from 'plist';\nimport { n } from '../../shared/names';\nimport type { Secret } from '../../../base/secret';\nexport type S = Secret;\nexport const a = [plist, n];",
  },
  {
    title: "operations' s3 binding ← SDK",
    path: 'src/operations/s3-register.ts',
    text: "import { GetObjectCommand } from '@aws-sdk/client-s3';\nimport type { Register } from '../engine/register';\nexport type R = Register;\nexport const g = GetObjectCommand;",
  },
  {
    title: 'observability ← engine and aws types',
    path: 'src/observability/x.ts',
    text: "import type { EngineEvent } from '../engine/events';\nimport type { AwsSession } from '../aws/types';\nexport type E = EngineEvent | AwsSession;",
  },
  {
    title: 'http ← domain, engine, openapi',
    path: 'src/http/routers/x.ts',
    text: "import doc from '../../../openapi.yaml';\nimport type { Service } from '../../domain/dispatch/service';\nimport type { Engine } from '../../engine/perform';\nexport type E = Engine | Service;\nexport const d = doc;",
  },
  {
    title: 'sandbox ← itself, Node',
    path: 'src/sandbox/services/x.ts',
    text: "import { createHash } from 'node:crypto';\nimport { AwsRefusal } from '../contract';\nexport const a = [createHash, AwsRefusal];",
  },
  { title: 'main ← sandbox, dynamically', path: 'src/main.ts', text: "export const s = () => import('./sandbox');" },
  {
    title: 'main ← sandbox bundle',
    path: 'src/main.ts',
    text: "export const s = (): Promise<unknown> => import('./sandbox.js' as string);",
  },
  { title: 'environment in main and config', path: 'src/config/x.ts', text: "export const a = process.env['HOME'];" },
  {
    title: 'tests ← sandbox, SDK',
    path: 'test/e2e/x.ts',
    text: "import { S3Client } from '@aws-sdk/client-s3';\nimport { s } from '../../src/sandbox';\nexport const a = [S3Client, s];",
  },
  {
    title: 'a switched-off rule with a reason',
    path: 'src/engine/x.ts',
    text: '// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the library gives nothing better\nexport const a = (b: any): unknown => b;',
  },
  {
    title: 'a file of 350 lines',
    path: 'src/engine/x.ts',
    text: Array.from({ length: 350 }, (_, line) => `export const a${line} = ${line};`).join('\n'),
  },
  ...documented,
];

test('no file of src imports itself through others, types included', () => {
  const found = execFileSync(process.execPath, [join(root, 'scripts/lint/circles.mjs')], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(JSON.parse(found)).toEqual([]);
});

describe('lint rules', () => {
  const untyped = violations.filter((planted) => planted.typed !== true);
  const findingsOf = lintedBeforeAll([...untyped, ...allowed]);

  describe('catch', () => {
    expectCaught(untyped, findingsOf);
  });

  describe('let pass', () => {
    test.each(allowed.map((planted, index) => ({ ...planted, index: untyped.length + index })))(
      '$title ($path)',
      ({ index }) => {
        expect(findingsOf(index)).toEqual([]);
      },
    );
  });
});
