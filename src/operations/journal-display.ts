import type { JournalRecord } from '../engine/journal';
import { type Display, readDisplay } from './display';
import { accountOf, askingOf, isSitePath, resourcesOf } from './history-facts';
import { beganAt } from './operation-id';

/** What a journal shows of its run: what was shown of it when it was written last, or what can be said without that. */
export function displayOf(record: JournalRecord): Display {
  return readDisplay(record.display) ?? withoutSteps(record);
}

function withoutSteps({ operationId: id, kind, title, claims, startedAt, asked, attempt = 1 }: JournalRecord): Display {
  const asking = askingOf(asked);
  const at = beganAt(id) ?? Date.parse(startedAt);
  return {
    shown: {
      id,
      account: accountOf(claims),
      kind,
      title,
      resources: resourcesOf(claims, isSitePath(asking?.path)),
      state: 'running',
      attempt,
      startedAt: new Date(at),
      endedAt: undefined,
      steps: [],
      error: undefined,
      undone: [],
      left: [],
      tokenId: asking?.tokenId,
      actor: asking?.actor,
      requestId: asking?.requestId,
      method: asking?.method,
      path: asking?.path,
      address: asking?.address,
      calls: [],
    },
    events: [{ id: 1, type: 'started', at, data: { id, kind, title } }],
  };
}
