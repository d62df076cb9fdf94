import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

test('the types of the configuration file are what config/schema.json says', () => {
  const script = join(__dirname, '../../scripts/config-types.mjs');
  expect(() => execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' })).not.toThrow();
});
