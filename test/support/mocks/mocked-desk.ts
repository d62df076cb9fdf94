import { createSessions } from '../../../src/aws/session';
import type { AccountConfig, Config } from '../../../src/config/types';
import { createEngine } from '../../../src/engine/perform';
import { createMemoryRegister } from '../../../src/operations/memory-register';
import { createMemory } from '../../../src/domain/dispatch/memory';
import { createService, type Service } from '../../../src/domain/dispatch/service';
import { operationTable } from '../../../src/operations/table';
import { type Provisioning, provisioningOf } from './provisioning';
import { accountConfig } from '../config';
import { mockedAws, type MockedAws } from './mocked-aws';

export interface MockedDesk {
  readonly aws: MockedAws;
  readonly account: AccountConfig;
  readonly provisioning: Provisioning;
  readonly service: Service;
}

/** Buckets of the service's own: access logs of the account, and the store of operations. */
export const OWN_STORES = ['demo-logs', 'operations.example.org'] as const;

/** All that the HTTP side can ask for, on mocked clients, with own stores that no request may reach. */
export async function mockedDesk(changes: Partial<AccountConfig> = {}): Promise<MockedDesk> {
  const aws = await mockedAws();
  const { clock } = aws;
  const account = accountConfig({
    id: '123456789012',
    accessLog: { bucket: '{account_id}-logs', prefix: '' },
    ...changes,
  });
  const config: Config = {
    listen: { host: '127.0.0.1', port: 0 },
    org: 'acme',
    logLevel: 'info',
    tokens: [],
    auth: { bcryptTokens: false, failuresPerMinute: 1 },
    accounts: new Map([[account.name, account]]),
    operations: {
      store: 's3',
      account: account.name,
      bucket: OWN_STORES[1],
      prefix: '',
      keepDays: 1,
      callTimeoutSeconds: 1,
      leaseSeconds: 3,
      heartbeatSeconds: 1,
      scanSeconds: 1,
    },
    limits: { bodyBytes: 1, requestsPerMinute: undefined, concurrentWrites: 1, connectionsPerAddress: undefined },
    corsOrigins: [],
    trustProxy: false,
    shutdownGraceSeconds: 1,
  };
  let ids = 0;
  const newId = (): string => `op-${String((ids += 1))}`;
  const service = createService({
    config: () => config,
    sessions: createSessions({ clock, org: config.org }),
    engine: createEngine({ register: createMemoryRegister(), clock, newId, listeners: [] }),
    clock,
    newId,
    memory: createMemory(clock),
    nextCleaning: () => undefined,
    table: operationTable,
  });
  return { aws, account, service, provisioning: provisioningOf(service) };
}
