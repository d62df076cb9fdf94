import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the watch over AWS's models finds; scripts are no part of the program, so they are asked in a process of their own. */

const root = join(__dirname, '..');

const model = (changes: object = {}) => ({
  operations: {
    CreateThing: { input: { shape: 'In' }, errors: [{ shape: 'Bad' }] },
    Unasked: { input: { shape: 'Other' } },
    ...changes,
  },
  shapes: {
    In: { type: 'structure', required: ['Name'], members: { Name: { shape: 'Text' }, Kinds: { shape: 'Kinds' } } },
    Kinds: { type: 'list', member: { shape: 'Kind' } },
    Kind: { type: 'string', enum: ['b', 'a'] },
    Text: { type: 'string' },
    Other: { type: 'structure', members: { X: { shape: 'Text' } } },
    Bad: { type: 'structure', members: {}, error: { code: 'BadThing' } },
    Self: { type: 'structure', members: { Inner: { shape: 'Self' } } },
  },
});

function ask(expression: string): unknown {
  const library = JSON.stringify(join(root, 'scripts/lib/models.mjs'));
  const program = `import * as models from ${library}; process.stdout.write(JSON.stringify(${expression}));`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' }));
}

const digest = (of: object, called: readonly string[] = ['CreateThing']): unknown =>
  ask(`models.digestOfService(${JSON.stringify(of)}, ${JSON.stringify(called)})`);

test('a digest has the errors, members and values of called operations, and the names of all', () => {
  expect(digest(model())).toEqual({
    operations: { all: ['CreateThing', 'Unasked'] },
    errors: { CreateThing: ['BadThing'] },
    structures: { In: ['Kinds', 'Name!'] },
    enums: { Kind: ['a', 'b'] },
  });
});

test('a digest of a structure that holds itself ends', () => {
  expect(digest(model({ CreateThing: { input: { shape: 'Self' } } }))).toMatchObject({
    structures: { Self: ['Inner'] },
  });
});

test('differences name what is new, what became required and what is gone', () => {
  const before = {
    services: { s3: { operations: { all: ['A'] }, errors: { A: ['E'] }, structures: { S: ['x', 'y'] }, enums: {} } },
    partitions: { aws: ['us-east-1'] },
  };
  const after = {
    services: {
      s3: {
        operations: { all: ['A', 'B'] },
        errors: { A: ['F'] },
        structures: { S: ['x!', 'y'] },
        enums: { K: ['k'] },
      },
    },
    partitions: { aws: ['us-east-1', 'us-east-9'], 'aws-new': ['new-1'] },
  };
  expect(ask(`models.differences(${JSON.stringify(before)}, ${JSON.stringify(after)})`)).toEqual([
    'new operation of s3 all: B',
    'new error of s3 A: F',
    'gone error of s3 A: E',
    'new member of s3 S: x!',
    'gone member of s3 S: x',
    'new value of s3 K: k',
    'new region of partition aws: us-east-9',
    'new region of partition aws-new: new-1',
  ]);
  expect(ask(`models.differences(${JSON.stringify(after)}, ${JSON.stringify(after)})`)).toEqual([]);
});

test('the state reviewed knows the regions and errors that the sources rely on', () => {
  const state = JSON.parse(readFileSync(join(root, 'scripts/models.json'), 'utf8')) as {
    readonly services: Readonly<Record<string, { readonly structures: Readonly<Record<string, readonly string[]>> }>>;
    readonly partitions: Readonly<Record<string, readonly string[]>>;
  };
  expect(Object.keys(state.services).sort()).toEqual(['acm', 'cloudfront', 'iam', 'route53', 's3', 's3control', 'sts']);
  expect(state.partitions['aws-eusc']).toEqual(['eusc-de-east-1']);
  expect(state.services['s3']?.structures['CreateBucketRequest']).toContain('BucketNamespace');
});
