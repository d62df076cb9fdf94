import { authentikFile } from './authentik';
import { awsFile } from './aws';
import type { ClientFile, ClientSettings, ClientTool } from './client-file';
import { envFile } from './env';
import { mcFile } from './mc';
import { rcloneFile } from './rclone';
import { s3cmdFile } from './s3cmd';
import { winscpFile } from './winscp';

/**
 * Makes the file of each tool.
 * @throws {invalid | unsupported} when the tool cannot say a setting
 */
export const clientFiles: Readonly<Record<ClientTool, (settings: ClientSettings) => ClientFile>> = {
  rclone: rcloneFile,
  aws: awsFile,
  s3cmd: s3cmdFile,
  mc: mcFile,
  winscp: winscpFile,
  env: envFile,
  authentik: authentikFile,
};
