// First of all: it takes effect on the loading of all the others.
import { letYoungGenerationGrow } from './main/young-generation';
import { createApp } from './app';
import { systemClock } from './base/clock';
import { fail } from './base/errors';
import { EXIT } from './main/exit-codes';
import { processHost } from './main/host';
import { run } from './main/run';
import type { SandboxModule } from './main/sandbox-mode';
import { versionInfo } from './main/version';

const host = processHost();

/** `dist/sandbox.js` lies beside this bundle, and is absent from production images. */
async function loadSandbox(): Promise<SandboxModule> {
  try {
    // The bundler leaves this path as it is; the cast keeps the compiler from looking for it among the sources.
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-assertion -- without it the compiler does look
    const loaded: unknown = await import('./sandbox.js' as string);
    return loaded as SandboxModule;
  } catch (cause) {
    return fail({
      kind: 'unforeseen',
      detail: 'the sandbox, sandbox.js beside the program, cannot be loaded; production images are without it',
      cause,
    });
  }
}

run(host, { createApp, loadSandbox, clock: systemClock, version: versionInfo }).then(
  (code) => {
    if (code !== undefined) host.exit(code);
    else letYoungGenerationGrow();
  },
  (error: unknown) => {
    host.stderr(`mallard: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    host.exit(EXIT.software);
  },
);
