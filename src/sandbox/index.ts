export { startSandbox } from './start';
export type { Sandbox, SandboxOptions, SandboxAccount } from './start';
