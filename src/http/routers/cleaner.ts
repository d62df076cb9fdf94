import type { Provisioning } from '../../domain/desks/service';
import { sendJson } from '../send';
import type { AccountHandlers } from '../types';
import { cleanerReportView } from '../views/website-views';
import type { PerformWrite } from '../writes';

/** As openapi.yaml's `RunCleaner`. */
interface RunCleaner {
  readonly orphans?: readonly string[];
}

/** What is left of deleted websites: looking at it, and removing it. */
export function cleanerHandlers(provisioning: Provisioning, write: PerformWrite): AccountHandlers {
  const preview: AccountHandlers[string] = async ({ account }, res) =>
    sendJson(res, 200, cleanerReportView(await provisioning.previewCleaner(account)));

  return {
    previewCleaner: preview,

    runCleaner: (call, res) => {
      if (call.query['dryRun'] === 'true') return preview(call, res);
      const { orphans = [] } = (call.body ?? {}) as RunCleaner;
      return write(res, {
        run: () => provisioning.runCleaner(call.account, orphans),
        respond: (report) => sendJson(res, 200, cleanerReportView(report)),
      });
    },
  };
}
