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

/** A static import of `target` by `path`. */
const crossing = (path: string, target: string, says: RegExp): Caught =>
  layer(`${path} ← ${target}`, path, `import { x } from '${target}';\nexport const y = x;`, says);

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
  crossing('base/errors.ts', '../engine/plan', /base must not import engine/),
  crossing('base/x.ts', 'pino', /base must not import the package pino/),
  crossing('engine/x.ts', '../config/types', /engine must not import config/),
  crossing('engine/x.ts', '@aws-sdk/client-s3', SDK),
  crossing('engine/x.ts', 'pino', /engine must not import the package pino/),
  crossing('engine/x.ts', 'node:fs', /node:fs/),
  crossing('engine/x.ts', '../../openapi.yaml', /outside src/),
  crossing('config/x.ts', '../aws/session', /config must not import aws/),
  crossing('aws/x.ts', '../config/load', /`import type` only/),
  crossing('aws/x.ts', '../domain/shared/names', /aws must not import/),
  crossing('domain/bucket/x.ts', '@aws-sdk/client-s3', SDK),
  crossing('domain/bucket/x.ts', '../../aws/session', /`import type` only/),
  crossing('domain/bucket/x.ts', '../../http/send', /domain must not import http/),
  crossing('domain/bucket/aws/x.ts', '../../../aws/session', /`import type` only/),
  crossing('domain/bucket/aws/x.ts', '../create', /steps and reads must not import domain/),
  crossing('domain/user/rules/x.ts', '../../../engine/plan', /rules must not import engine/),
  crossing('domain/user/rules/x.ts', '@aws-sdk/client-iam', SDK),
  crossing('domain/user/rules/x.ts', 'node:fs', /node:fs/),
  crossing('domain/user/keys/rules/x.ts', '../aws/last-use', /rules must not import steps and reads/),
  crossing('domain/shared/x.ts', './aws/bucket', /shared must not import steps and reads/),
  crossing('domain/shared/x.ts', '@aws-sdk/client-iam', SDK),
  crossing('operations/memory.ts', '@aws-sdk/client-s3', SDK),
  crossing('operations/file.ts', '../aws/types', /operations must not import aws/),
  crossing('operations/x.ts', '../http/send', /operations must not import http/),
  crossing('operations/x.ts', '../domain/bucket/create', /`import\(\)` only/),
  crossing('observability/x.ts', '../engine/plan', /`import type` only/),
  crossing('observability/x.ts', '../http/send', /observability must not import http/),
  crossing('http/routers/x.ts', '../../aws/types', /http must not import aws/),
  crossing('http/x.ts', '@aws-sdk/client-s3', SDK),
  crossing('http/x.ts', '@smithy/node-http-handler', SDK),
  crossing('http/x.ts', '../domain/bucket/aws/details', /http must not import steps and reads/),
  crossing('http/x.ts', '../main', /http must not import main/),
  crossing('http/x.ts', '../sandbox/contract', /http must not import sandbox/),
  crossing('app.ts', './sandbox', /app must not import sandbox/),
  crossing('app.ts', '../test/support/clock', /outside src/),
  layer(
    'app ← sandbox, dynamically',
    'app.ts',
    "export const s = () => import('./sandbox');",
    /app must not import sandbox/,
  ),
  crossing('main.ts', './sandbox', /`import\(\)` only/),
  crossing('sandbox/x.ts', '../base/errors', /sandbox must not import base/),
  crossing('sandbox/services/x.ts', '../../domain/shared/names', /sandbox must not import shared/),
  crossing('sandbox/x.ts', '@aws-sdk/client-s3', SDK),
  crossing('newfolder/x.ts', '../base/errors', /belongs to no layer/),

  // Which slices of the domain know which.
  crossing('domain/bucket/x.ts', '../website/create', /the slice bucket must not import the slice website/),
  crossing('domain/access/x.ts', '../bucket/create', /the slice access must not import the slice bucket/),
  crossing(
    'domain/access/aws/x.ts',
    '../../user/keys/aws/last-use',
    /the slice access must not import the slice user\/keys/,
  ),
  crossing('domain/bucket/settings/x.ts', '../create', /the slice bucket\/settings must not import the slice bucket/),
  crossing('domain/website/x.ts', '../user/create', /the slice website must not import the slice user/),
  crossing('domain/website/dns/aws/x.ts', '../../aws/website', /website\/dns must not import the slice website/),
  crossing('domain/user/x.ts', '../cleaner/clean', /the slice user must not import the slice cleaner/),
  crossing('domain/shared/aws/x.ts', '../../access/aws/user', /the slice shared must not import the slice access/),
  crossing('domain/newslice/x.ts', '../shared/names', /is in no slice/),

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
    path: 'src/base/clock.ts',
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
    title: 'a step that tries again by itself',
    path: 'src/domain/bucket/aws/x.ts',
    text: "import { retry, standardPolicy } from '../../../engine/retry';\nimport type { Clock } from '../../../base/clock';\nexport const f = (clock: Clock) => ({ run: () => retry(standardPolicy, clock, () => Promise.resolve()) });",
    rule: 'mallard/steps-by-policy',
    says: /by its policies/,
  },
  {
    title: 'a step that waits',
    path: 'src/domain/website/aws/x.ts',
    text: "import type { Clock } from '../../../base/clock';\nexport const f = async (clock: Clock): Promise<void> => clock.sleep(500);",
    rule: 'mallard/steps-by-policy',
    says: /by its policies/,
  },
  {
    title: 'a step that keeps notes in a closure',
    path: 'src/domain/bucket/aws/x.ts',
    text: 'export function f() {\n  let sent = false;\n  return {\n    run: () => {\n      sent = true;\n    },\n    undo: () => sent,\n  };\n}',
    rule: 'mallard/steps-by-policy',
    says: /`sent` does not outlive the process/,
  },
  {
    title: 'a file that is too long',
    path: 'src/engine/x.ts',
    text: Array.from({ length: 351 }, (_, line) => `export const a${line} = ${line};`).join('\n'),
    rule: 'max-lines',
    says: /too many lines/,
  },
];
