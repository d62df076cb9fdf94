import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../src/config/load';
import { responseValidator } from '../src/http/contract/checks';
import { fencedBlocks } from './support/readme';

/** The examples of docs/s3-compatible.md are what the service takes and gives. */

const text = readFileSync(join(__dirname, '..', 'docs', 's3-compatible.md'), 'utf8');
// Examples of the page; what they hold is judged below.
const blocks = fencedBlocks(text).map((block) => JSON.parse(block.text) as Readonly<Record<string, unknown>>);
const configured = blocks.filter((block) => 'accounts' in block);
const env = {
  MINIO_ACCESS_KEY_ID: 'minio-key',
  MINIO_SECRET_ACCESS_KEY: 'hush',
  GARAGE_ACCESS_KEY_ID: 'GK31c2f218a2e44f485b94239e',
};

function accountIn(block: object) {
  // The page's file is not there; where a secret comes from is the same for all settings.
  const file = JSON.stringify({ org: 'acme', tokens: [{ id: 'portal', sha256: '0'.repeat(64) }], ...block }).replace(
    '{"file":"/run/secrets/garage-secret-access-key"}',
    '"hush"',
  );
  const [account] = loadConfig({ text: file, env }).accounts.values();
  return account;
}

test('the configurations of docs/s3-compatible.md are valid and describe stores without IAM', () => {
  expect(configured.map(accountIn)).toMatchObject([
    {
      name: 'my-minio',
      id: undefined,
      region: 'us-east-1',
      endpoint: 'http://127.0.0.1:9000',
      pathStyle: true,
      iam: false,
      credentials: { kind: 'static', akid: 'minio-key' },
    },
    {
      name: 'attic',
      id: undefined,
      region: 'garage',
      endpoint: 'https://s3.attic.example.org',
      pathStyle: true,
      iam: false,
      credentials: { kind: 'static' },
    },
  ]);
});

test('the answer with warnings of docs/s3-compatible.md fits openapi.yaml', () => {
  const answers = blocks.filter((block) => 'warnings' in block);
  expect(answers).toHaveLength(1);
  const headers: Readonly<Record<string, string>> = {
    'x-request-id': 'r',
    'x-operation-id': 'o',
    'content-type': 'application/json',
  };
  const validate = responseValidator('createBucket', 202);
  expect(validate?.({ header: (name) => headers[name.toLowerCase()] ?? null, body: answers[0] })).toEqual([]);
});
