import { fail } from '../base/errors';
import { onceIn } from './once-in';
import { send, sendAnswer } from './send';
import type { Answer, HttpOptions, SystemHandlers } from './types';

/** Whoever asks for the metrics gets a page not older than this; milliseconds. */
const METRICS_MS = 1_000;

/** Answers the public routes, each below the base path and at the root. */
export function systemHandlers({
  build,
  metrics,
  ready: isReady,
  clock,
}: Pick<HttpOptions, 'build' | 'metrics' | 'ready' | 'clock'>): SystemHandlers {
  const metricsPage = onceIn(METRICS_MS, clock, () => metrics.render());

  const ping = (res: Answer): void => send(res, 200, 'text/plain; charset=utf-8', 'pong');

  const version = (res: Answer): void => sendAnswer(res, 'version', 200, build);

  const showMetrics = async (res: Answer): Promise<void> => {
    const { contentType, body } = await metricsPage();
    send(res, 200, contentType, body);
  };

  const ready = (res: Answer): void => {
    if (!isReady()) fail({ kind: 'overloaded', detail: 'this service is starting or stopping', retryAfterSeconds: 5 });
    sendAnswer(res, 'ready', 200, { status: 'ready' });
  };

  return {
    ping,
    pingAtRoot: ping,
    version,
    versionAtRoot: version,
    metrics: showMetrics,
    metricsAtRoot: showMetrics,
    ready,
    readyAtRoot: ready,
  };
}
