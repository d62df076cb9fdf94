import type { createApp } from '../app';
import type { Clock } from '../base/clock';
import type { SandboxModule } from './sandbox-mode';
import type { VersionInfo } from './version';

/** What the program is made of; tests exchange single parts. */
export interface Parts {
  readonly createApp: typeof createApp;
  readonly loadSandbox: () => Promise<SandboxModule>;
  readonly clock: Clock;
  readonly version: VersionInfo;
}
