import type { Clock } from '../base/clock';
import { unfenced } from '../base/running-operation';
import type { OperationsConfig } from '../config/types';
import type { Register } from '../engine/register';
import { createMemoryRegister } from './memory-register';
import { observed, type RegisterListener } from './observed-register';
import type { S3StoreOptions } from './s3/open';

/** Where operations are kept. */
export interface Store {
  readonly register: Register;
  /** Whether it outlives the process. */
  readonly isDurable: boolean;
  /**
   * To be called before the register is used.
   * @throws {misconfigured} it cannot be used
   * @throws {unavailable | throttled} it is not there now
   */
  readonly open: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface StoreOptions {
  readonly clock: Clock;
  /** Opens a session of a configured account, by its name. */
  readonly session: (account: string) => ReturnType<S3StoreOptions['session']>;
  readonly onCall: RegisterListener;
}

/** Makes the store that the configuration asks for. */
export function createStore(config: OperationsConfig, options: StoreOptions): Store {
  const { register, ...store } = storeOf(config, options);
  return { ...store, register: observed(register, options.clock, options.onCall) };
}

function storeOf(config: OperationsConfig, { clock, session }: StoreOptions): Store {
  switch (config.store) {
    case 'memory':
      return inMemory();
    case 'file':
      return opening(async () => (await import('./file/register')).openFileRegister(config.path));
    case 's3':
      return opening(async () => {
        const { openS3Register } = await import('./s3/open');
        return openS3Register({ ...config, clock, session: () => session(config.account) });
      });
  }
}

const nothing = (): Promise<void> => Promise.resolve();

function inMemory(): Store {
  return { register: createMemoryRegister(), isDurable: false, open: nothing, close: nothing };
}

interface Opened extends Register {
  readonly close?: () => Promise<void>;
}

/**
 * What is loaded and opened at start: memory is paid for what is used. Its calls come from within operations, yet their
 * conditions say whether they are late: a run that may not call AWS any more still tells the store how far it has come.
 */
function opening(open: () => Promise<Opened>): Store {
  let opened: Opened | undefined;
  const sure = async (): Promise<Register> => {
    if (!opened) throw new Error('the store of operations is not open');
    return opened;
  };
  return {
    register: {
      get: (key) => unfenced(async () => (await sure()).get(key)),
      put: (key, value, condition, lasts) => unfenced(async () => (await sure()).put(key, value, condition, lasts)),
      delete: (key, condition) => unfenced(async () => (await sure()).delete(key, condition)),
      list: (prefix, part) => unfenced(async () => (await sure()).list(prefix, part)),
    },
    isDurable: true,
    open: async () => {
      opened = await open();
    },
    close: async () => opened?.close?.(),
  };
}
