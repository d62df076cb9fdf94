import { systemClock } from '../../../src/base/clock';
import type { Config } from '../../../src/config/types';
import { createMemory } from '../../../src/domain/dispatch/memory';
import type { Service } from '../../../src/domain/dispatch/service';
import type { History } from '../../../src/domain/shared/history';
import { operationTable } from '../../../src/operations/table';

const IDS = ['listOperations', 'showOperation', 'watchOperation'];

/** A service in which the reads of operations are the real ones, of a history that is given. */
export function withHistory(service: Service, history: History, config: () => Config): Service {
  const memory = createMemory(systemClock, history);
  return {
    ...service,
    read: async (asked) => {
      if (!IDS.includes(asked.operationId)) return service.read(asked);
      const definition = await operationTable.load(asked.operationId);
      if (!('known' in definition)) throw new Error(`${asked.operationId} is no read of the history`);
      const { account, query } = asked;
      const params = asked.params as Record<string, string>;
      const target = { kind: 'account', account: account.name, bucket: '', user: '', params } as const;
      return definition.known({ config: config(), account, partition: 'aws' }, memory, target, query);
    },
  };
}
