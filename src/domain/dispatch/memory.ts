import type { Clock } from '../../base/clock';
import { createAccountBlocks } from '../shared/account-block';
import { createExistence } from '../shared/existence';
import { type History, noHistory } from '../shared/history';
import type { Memory } from '../shared/memory';
import { createSiteMemory } from '../shared/site-memory';
import { createCertificateMemory } from '../website/certificate/rules/memory';

/** Makes what one process remembers between requests; empty at its start. `history`: of operations; default none. */
export function createMemory(clock: Clock, history: History = noHistory): Memory {
  return {
    existence: createExistence(clock),
    unseen: createExistence(clock),
    sites: createSiteMemory(),
    certificates: createCertificateMemory(clock),
    accountBlocks: createAccountBlocks(clock),
    history,
  };
}
