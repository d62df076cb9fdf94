import type { AccountConfig } from '../../config/types';
import type { ClientFile, ClientTool } from '../client/rules/client-file';
import type { Holder } from '../shared/holder';

/** Where a client starts, and as whom. */
export interface ClientOptions {
  /** Folder to open; default: the user's own folder if it has but one, else the whole bucket. */
  readonly path?: string;
  /** A user of the holder, whose access key id is filled in. */
  readonly user?: string;
}

/** What the HTTP side can ask for about other people's clients. Nothing of it holds a secret. Rejects as `Provisioning` does. */
export interface ClientProvisioning {
  /** A Cyberduck bookmark (XML plist text). */
  bookmark(account: AccountConfig, holder: Holder, options: ClientOptions): Promise<string>;
  /** The configuration of another tool. Ends with `invalid` or `unsupported` where the tool's file cannot say what is asked for. */
  clientFile(account: AccountConfig, holder: Holder, tool: ClientTool, options: ClientOptions): Promise<ClientFile>;
}
