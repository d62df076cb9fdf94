import type { Socket } from 'node:net';

/**
 * Bytes handed to the parser at once: the head of a usual request, or some dozens of the smallest. Node hands over what one
 * read brought, up to 64 KiB, and makes objects for all two thousand requests in it before anything else happens.
 */
const SLICE_BYTES = 1_024;

/**
 * Hands what comes on a connection to Node's parser in slices, as long as `mayGoOn`. Gives the function that goes on. Beyond
 * what a stream buffers the caller has to wait. A stream with a listener for `readable` gives its `data`, which the parser
 * lives on, only when it is read (https://nodejs.org/api/stream.html#event-readable).
 */
export function readInSlices(socket: Socket, mayGoOn: () => boolean): () => void {
  let isReading = false;
  const goOn = (): void => {
    // The parser must not be given more while it is at work.
    if (isReading || socket.destroyed) return;
    isReading = true;
    // With nothing buffered `read()` asks for more, and ends a stream that is over.
    while (mayGoOn() && socket.read(Math.min(SLICE_BYTES, socket.readableLength) || undefined) !== null);
    isReading = false;
  };
  // `resume` comes when a body that was not taken is asked for again.
  socket.on('readable', goOn).on('resume', goOn);
  return goOn;
}
