export interface Planted {
  readonly path: string;
  readonly text: string;
  /** Linted with type information; `path` must then exist. */
  readonly typed?: boolean;
}

export interface Caught extends Planted {
  readonly title: string;
  readonly rule: string;
  readonly says: RegExp;
}

const layer = (title: string, path: string, text: string, says: RegExp): Caught => ({
  title,
  path: `src/${path}`,
  text,
  says,
  rule: 'mallard/layers',
});

const SDK = /must not import the AWS SDK/;

export const violations: readonly Caught[] = [
  // Every form an import can take.
  layer(
    'static',
    'engine/x.ts',
    "import { a } from '../aws/session';\nexport const b = a;",
    /engine must not import aws/,
  ),
  layer(
    'type-only',
    'engine/x.ts',
    "import type { A } from '../aws/types';\nexport type B = A;",
    /engine must not import aws/,
  ),
  layer(
    'inline type',
    'engine/x.ts',
    "import { type A } from '../aws/types';\nexport type B = A;",
    /engine must not import aws/,
  ),
  layer('side effect', 'engine/x.ts', "import '../aws/session';", /engine must not import aws/),
  layer('re-export', 'engine/x.ts', "export { a } from '../aws/session';", /engine must not import aws/),
  layer('re-export of all', 'engine/x.ts', "export * from '../aws/session';", /engine must not import aws/),
  layer('re-export of types', 'engine/x.ts', "export type { A } from '../aws/types';", /engine must not import aws/),
  layer('dynamic', 'engine/x.ts', "export const a = () => import('../aws/session');", /engine must not import aws/),
  layer(
    'import type expression',
    'engine/x.ts',
    "export type A = import('../aws/types').AwsSession;",
    /engine must not import aws/,
  ),
  layer(
    'typeof import',
    'engine/x.ts',
    "export type A = typeof import('../aws/session');",
    /engine must not import aws/,
  ),
  layer(
    'import equals',
    'engine/x.ts',
    "import a = require('../aws/session');\nexport const b = a;",
    /engine must not import aws/,
  ),
  layer('require', 'engine/x.ts', "export const a: unknown = require('../aws/session');", /engine must not import aws/),
  layer('computed dynamic', 'app.ts', 'export const a = (name: string) => import(name);', /must be a string literal/),
  layer(
    'dynamic behind a cast',
    'engine/x.ts',
    "export const a = () => import('../aws/session' as string);",
    /engine must not import aws/,
  ),
  layer(
    'through a detour',
    'engine/x.ts',
    "import { a } from '../engine/../aws/session';\nexport const b = a;",
    /engine must not import aws/,
  ),

  // Who may import whom.
  layer(
    'errors ← engine',
    'errors.ts',
    "import type { Plan } from './engine/plan';\nexport type P = Plan;",
    /errors must not import engine/,
  ),
  layer(
    'secret ← errors',
    'secret.ts',
    "import { fail } from './errors';\nexport const f = fail;",
    /secret must not import errors/,
  ),
  layer(
    'engine ← config',
    'engine/x.ts',
    "import type { Config } from '../config/types';\nexport type C = Config;",
    /engine must not import config/,
  ),
  layer(
    'engine ← SDK',
    'engine/x.ts',
    "import type { S3Client } from '@aws-sdk/client-s3';\nexport type C = S3Client;",
    SDK,
  ),
  layer(
    'engine ← any package',
    'engine/x.ts',
    "import pino from 'pino';\nexport const log = pino;",
    /engine must not import the package pino/,
  ),
  layer(
    'engine ← file system',
    'engine/x.ts',
    "import { readFileSync } from 'node:fs';\nexport const r = readFileSync;",
    /node:fs/,
  ),
  layer(
    'config ← aws',
    'config/x.ts',
    "import { a } from '../aws/session';\nexport const b = a;",
    /config must not import aws/,
  ),
  layer(
    'aws ← config values',
    'aws/x.ts',
    "import { load } from '../config/load';\nexport const l = load;",
    /`import type` only/,
  ),
  layer(
    'aws ← provisioning',
    'aws/x.ts',
    "import { n } from '../provisioning/names';\nexport const m = n;",
    /aws must not import/,
  ),
  layer(
    'plans ← SDK',
    'provisioning/plans/x.ts',
    "import { S3Client } from '@aws-sdk/client-s3';\nexport const c = S3Client;",
    SDK,
  ),
  layer(
    'plans ← SDK types',
    'provisioning/plans/x.ts',
    "import type { S3Client } from '@aws-sdk/client-s3';\nexport type C = S3Client;",
    SDK,
  ),
  layer(
    'plans ← session values',
    'provisioning/plans/x.ts',
    "import { open } from '../../aws/session';\nexport const o = open;",
    /`import type` only/,
  ),
  layer(
    'steps ← session values',
    'provisioning/steps/x.ts',
    "import { open } from '../../aws/session';\nexport const o = open;",
    /`import type` only/,
  ),
  layer(
    'steps ← http',
    'provisioning/steps/x.ts',
    "import { v } from '../../http/views';\nexport const w = v;",
    /must not import http/,
  ),
  layer(
    'pure ← engine',
    'provisioning/names.ts',
    "import type { Plan } from '../engine/plan';\nexport type P = Plan;",
    /pure provisioning must not import engine/,
  ),
  layer(
    'pure ← SDK',
    'provisioning/policies.ts',
    "import type { Tag } from '@aws-sdk/client-iam';\nexport type T = Tag;",
    SDK,
  ),
  layer(
    'pure ← file system',
    'provisioning/duck.ts',
    "import { readFileSync } from 'node:fs';\nexport const r = readFileSync;",
    /node:fs/,
  ),
  layer(
    'clients ← reads',
    'provisioning/clients/x.ts',
    "import { s } from '../reads/user';\nexport const t = s;",
    /pure provisioning must not import steps and reads/,
  ),
  layer(
    'pure ← steps',
    'provisioning/lifecycle.ts',
    "import { s } from './steps/s3';\nexport const t = s;",
    /must not import steps and reads/,
  ),
  layer(
    'a new file is pure',
    'provisioning/brand-new.ts',
    "import type { AwsSession } from '../aws/types';\nexport type S = AwsSession;",
    /pure provisioning must not import aws/,
  ),
  layer(
    'operations ← SDK',
    'operations/memory.ts',
    "import { S3Client } from '@aws-sdk/client-s3';\nexport const c = S3Client;",
    SDK,
  ),
  layer(
    'operations ← aws',
    'operations/file.ts',
    "import type { AwsSession } from '../aws/types';\nexport type S = AwsSession;",
    /operations must not import aws/,
  ),
  layer(
    'operations ← http',
    'operations/records.ts',
    "import { v } from '../http/views';\nexport const w = v;",
    /operations must not import http/,
  ),
  layer(
    'observability ← engine values',
    'observability/x.ts',
    "import { step } from '../engine/plan';\nexport const s = step;",
    /`import type` only/,
  ),
  layer(
    'observability ← http',
    'observability/x.ts',
    "import { v } from '../http/views';\nexport const w = v;",
    /observability must not import http/,
  ),
  layer(
    'http ← aws types',
    'http/routers/x.ts',
    "import type { AwsSession } from '../../aws/types';\nexport type S = AwsSession;",
    /http must not import aws/,
  ),
  layer(
    'http ← SDK types',
    'http/x.ts',
    "import type { S3Client } from '@aws-sdk/client-s3';\nexport type C = S3Client;",
    SDK,
  ),
  layer(
    'http ← smithy',
    'http/x.ts',
    "import { NodeHttpHandler } from '@smithy/node-http-handler';\nexport const h = NodeHttpHandler;",
    SDK,
  ),
  layer(
    'http ← steps',
    'http/x.ts',
    "import { s } from '../provisioning/steps/s3';\nexport const t = s;",
    /http must not import steps and reads/,
  ),
  layer('http ← main', 'http/x.ts', "import { m } from '../main';\nexport const n = m;", /http must not import main/),
  layer(
    'app ← sandbox',
    'app.ts',
    "import { s } from './sandbox';\nexport const t = s;",
    /app must not import sandbox/,
  ),
  layer(
    'app ← sandbox, dynamically',
    'app.ts',
    "export const s = () => import('./sandbox');",
    /app must not import sandbox/,
  ),
  layer(
    'main ← sandbox, statically',
    'main.ts',
    "import { s } from './sandbox';\nexport const t = s;",
    /`import\(\)` only/,
  ),
  layer(
    'http ← sandbox',
    'http/x.ts',
    "import { s } from '../sandbox/contract';\nexport const t = s;",
    /http must not import sandbox/,
  ),
  layer(
    'sandbox ← errors',
    'sandbox/x.ts',
    "import { fail } from '../errors';\nexport const f = fail;",
    /sandbox must not import errors/,
  ),
  layer(
    'sandbox ← secret',
    'sandbox/x.ts',
    "import type { Secret } from '../secret';\nexport type S = Secret;",
    /sandbox must not import secret/,
  ),
  layer(
    'sandbox ← clock',
    'sandbox/services/x.ts',
    "import type { Clock } from '../../clock';\nexport type C = Clock;",
    /sandbox must not import clock/,
  ),
  layer(
    'sandbox ← names',
    'sandbox/services/x.ts',
    "import { n } from '../../provisioning/names';\nexport const m = n;",
    /sandbox must not import pure provisioning/,
  ),
  layer(
    'sandbox ← SDK',
    'sandbox/x.ts',
    "import { S3Client } from '@aws-sdk/client-s3';\nexport const c = S3Client;",
    SDK,
  ),
  layer('src ← test', 'app.ts', "import { c } from '../test/support/clock';\nexport const d = c;", /outside src/),
  layer(
    'engine ← openapi',
    'engine/x.ts',
    "import doc from '../../openapi.yaml';\nexport const d = doc;",
    /outside src/,
  ),
  layer(
    'a folder nobody knows',
    'newfolder/x.ts',
    "import { fail } from '../errors';\nexport const f = fail;",
    /belongs to no layer/,
  ),

  // The other rules of the house.
  {
    title: 'default export',
    path: 'src/engine/x.ts',
    text: 'export default 1;',
    rule: 'no-restricted-syntax',
    says: /Export by name/,
  },
  {
    title: 'default export under another name',
    path: 'test/engine/x.ts',
    text: 'const a = 1;\nexport { a as default };',
    rule: 'no-restricted-syntax',
    says: /Export by name/,
  },
  ...['process.env', "process['env']"].map((reading) => ({
    title: `environment by ${reading}`,
    path: 'src/aws/x.ts',
    text: `export const a = ${reading};`,
    rule: 'no-restricted-syntax',
    says: /environment/,
  })),
  {
    title: 'environment by destructuring',
    path: 'src/http/x.ts',
    text: 'const { env } = process;\nexport const a = env;',
    rule: 'no-restricted-syntax',
    says: /environment/,
  },
  {
    title: 'environment by import',
    path: 'src/http/x.ts',
    text: "import { env } from 'node:process';\nexport const a = env;",
    rule: 'no-restricted-syntax',
    says: /global `process`/,
  },
  {
    title: 'a class',
    path: 'src/http/x.ts',
    text: 'export class HttpError extends Error {}',
    rule: 'no-restricted-syntax',
    says: /A function will do/,
  },
  {
    title: 'any',
    path: 'src/engine/x.ts',
    text: 'export const a = (b: any): unknown => b;',
    rule: '@typescript-eslint/no-explicit-any',
    says: /any/,
  },
  {
    title: 'non-null assertion',
    path: 'src/engine/x.ts',
    text: 'export const a = (b: string | undefined): string => b!;',
    rule: '@typescript-eslint/no-non-null-assertion',
    says: /non-null/,
  },
  {
    title: 'floating promise',
    path: 'src/clock.ts',
    typed: true,
    text: 'const later = async (): Promise<void> => {};\nlater();\nexport {};',
    rule: '@typescript-eslint/no-floating-promises',
    says: /Promises must be awaited/,
  },
  {
    title: 'type imported as value',
    path: 'src/engine/x.ts',
    text: "import { Clock } from '../clock';\nexport type C = Clock;",
    rule: '@typescript-eslint/consistent-type-imports',
    says: /only used as type/,
  },
  {
    title: 'a switched-off rule without a reason',
    path: 'src/engine/x.ts',
    text: '// eslint-disable-next-line @typescript-eslint/no-explicit-any\nexport const a = (b: any): unknown => b;',
    rule: 'mallard/reasoned-disables',
    says: /Say why/,
  },
  {
    title: 'a switched-off rule on its own line without a reason',
    path: 'src/engine/x.ts',
    text: 'export const a = (b: any): unknown => b; // eslint-disable-line',
    rule: 'mallard/reasoned-disables',
    says: /Name the rule/,
  },
  {
    title: 'everything switched off',
    path: 'src/engine/x.ts',
    text: '/* eslint-disable */\nexport default 1;',
    rule: 'mallard/reasoned-disables',
    says: /Name the rule/,
  },
  {
    title: 'a file that is too long',
    path: 'src/engine/x.ts',
    text: Array.from({ length: 351 }, (_, line) => `export const a${line} = ${line};`).join('\n'),
    rule: 'max-lines',
    says: /too many lines/,
  },
];
