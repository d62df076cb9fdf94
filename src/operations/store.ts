import type { OperationsConfig } from '../config/types';
import type { Register } from '../engine/register';
import type { FileRegister } from './file/register';
import { createMemoryRegister } from './memory-register';

/** Where operations are kept. */
export interface Store {
  readonly register: Register;
  /** Whether it outlives the process. */
  readonly isDurable: boolean;
  /**
   * To be called before the register is used.
   * @throws {misconfigured} it cannot be used
   */
  readonly open: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Makes the store that the configuration asks for. This version keeps in memory what is to be kept in S3. */
export function createStore(config: OperationsConfig): Store {
  return config.store === 'file' ? inFolder(config.path) : inMemory();
}

function inMemory(): Store {
  const nothing = (): Promise<void> => Promise.resolve();
  return { register: createMemoryRegister(), isDurable: false, open: nothing, close: nothing };
}

function inFolder(path: string): Store {
  let opened: FileRegister | undefined;
  const sure = async (): Promise<FileRegister> => {
    if (!opened) throw new Error('the store of operations is not open');
    return opened;
  };
  return {
    register: {
      get: async (key) => (await sure()).get(key),
      put: async (key, value, condition, lasts) => (await sure()).put(key, value, condition, lasts),
      delete: async (key, condition) => (await sure()).delete(key, condition),
      list: async (prefix, part) => (await sure()).list(prefix, part),
    },
    isDurable: true,
    open: async () => {
      const { openFileRegister } = await import('./file/register');
      opened = await openFileRegister(path);
    },
    close: async () => opened?.close(),
  };
}
