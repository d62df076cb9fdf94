import type { Request } from 'express';

export type BodyRead =
  { readonly kind: 'whole'; readonly bytes: Buffer } | { readonly kind: 'too-large' } | { readonly kind: 'gone' };

/**
 * Reads the request's body, at most `limit` bytes of it. Stops at the first byte beyond, unlike body-parser, which
 * reads an endless body to its end before it refuses it. `gone`: the caller left before the body was whole.
 */
export function readBody(req: Request, limit: number): Promise<BodyRead> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (read: BodyRead): void => {
      req.off('data', onData).off('end', onEnd).off('close', onGone).off('error', onGone);
      resolve(read);
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size <= limit) return void chunks.push(chunk);
      req.pause();
      settle({ kind: 'too-large' });
    };
    const onEnd = (): void => settle({ kind: 'whole', bytes: Buffer.concat(chunks, size) });
    const onGone = (): void => settle({ kind: 'gone' });
    if (req.destroyed && !req.complete) return resolve({ kind: 'gone' });
    req.on('data', onData).once('end', onEnd).once('close', onGone).once('error', onGone);
  });
}
