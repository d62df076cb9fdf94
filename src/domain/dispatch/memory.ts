import type { Clock } from '../../base/clock';
import { createExistence } from '../shared/existence';
import type { Memory } from '../shared/memory';
import { createSiteMemory } from '../shared/site-memory';
import { createCertificateMemory } from '../website/certificate/rules/memory';

/** Makes what one process remembers between requests; empty at its start. */
export function createMemory(clock: Clock): Memory {
  return {
    existence: createExistence(clock),
    unseen: createExistence(clock),
    sites: createSiteMemory(),
    certificates: createCertificateMemory(clock),
  };
}
