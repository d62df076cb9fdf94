import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An environment that names no credentials, and a folder for the files that a test puts there. */
export interface AwsEnvironment {
  readonly folder: string;
  /** Writes a file of the folder and gives its path. */
  readonly file: (name: string, text: string) => Promise<string>;
  /** The two shared files of AWS. */
  readonly sharedFiles: (files: { readonly credentials?: string; readonly config?: string }) => Promise<void>;
  readonly set: (variables: Readonly<Record<string, string>>) => void;
  readonly restore: () => Promise<void>;
}

/**
 * The SDK's providers read the process's environment by themselves; nothing of the developer's own may leak in. Every
 * variable of AWS is gone until `restore`, and no metadata service is asked unless a test says so.
 */
export async function isolateAwsEnvironment(): Promise<AwsEnvironment> {
  const before = process.env;
  const folder = await mkdtemp(join(tmpdir(), 'mallard-aws-'));
  process.env = Object.fromEntries(Object.entries(before).filter(([name]) => !name.startsWith('AWS_')));
  Object.assign(process.env, {
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_EC2_METADATA_DISABLED: 'true',
  });
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  return {
    folder,
    file,
    sharedFiles: async (files) => {
      for (const [name, text] of Object.entries(files)) await file(name, text);
    },
    set: (variables) => void Object.assign(process.env, variables),
    restore: async () => {
      process.env = before;
      await rm(folder, { recursive: true });
    },
  };
}
