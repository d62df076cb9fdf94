import { fail } from '../../errors';
import { send, sendJson } from '../send';
import type { Answer, HttpOptions, SystemHandlers } from '../types';

/** The public routes, each below the base path and at the root. */
export function systemHandlers({ build, metrics, ready: isReady }: Pick<HttpOptions, 'build' | 'metrics' | 'ready'>): SystemHandlers {
  const ping = (res: Answer): void => send(res, 200, 'text/plain; charset=utf-8', 'pong');

  const version = (res: Answer): void =>
    sendJson(res, 200, { version: build.version, githash: build.githash, buildstamp: build.buildstamp });

  const showMetrics = async (res: Answer): Promise<void> => {
    const { contentType, body } = await metrics.render();
    send(res, 200, contentType, body);
  };

  const ready = (res: Answer): void => {
    if (!isReady()) fail({ kind: 'overloaded', detail: 'this service is starting or stopping', retryAfterSeconds: 5 });
    sendJson(res, 200, { status: 'ready' });
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
