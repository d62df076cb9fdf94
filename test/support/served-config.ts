import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientKey, ClientWorld } from './e2e/client-world';

/**
 * The configuration that the service hands out for a tool, saved under the name it comes with and with the secret put in
 * as its reader would. Gives the path of the file.
 */
export async function savedConfig(at: ClientWorld, path: string, key: ClientKey): Promise<string> {
  const { status, text, headers } = await at.world.api('GET', path);
  if (status !== 200) throw new Error(text);
  const name = /filename="([^"]+)"/.exec(headers.get('content-disposition') ?? '')?.[1] ?? '';
  const file = join(mkdtempSync(join(at.directory, 'config-')), name);
  const filled = text
    .replaceAll('REPLACE_WITH_ACCESS_KEY_ID', key.AccessKeyId)
    .replaceAll('REPLACE_WITH_SECRET_ACCESS_KEY', key.SecretAccessKey);
  if (filled === text || filled.includes('REPLACE_WITH'))
    throw new Error(`${name} does not say where the secret goes:\n${text}`);
  writeFileSync(file, filled);
  return file;
}
