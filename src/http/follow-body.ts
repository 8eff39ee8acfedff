/** How a stream ended: all of it was read, its reader went away, or its source failed. */
export type BodyEnd = 'complete' | 'aborted' | 'failed';

export interface BodyFollower {
  /**
   * Called once, with the number of bytes that were read; and with the `error` if the source failed or the reader is
   * gone.
   */
  onEnd(end: BodyEnd, bytes: number, error?: unknown): void;
  /** If a reader has got bytes and does not ask for more in this time, it counts as gone. */
  stallMs: number;
  /** Closes the connection. Without this function, the stream ends with an error instead. */
  cut?: (() => void) | undefined;
}

/** Passes the bytes of a body on unchanged, as fast as their reader reads, and reports how the stream ended. */
export function followBody(
  body: ReadableStream<Uint8Array>,
  { onEnd, stallMs, cut }: BodyFollower,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let stall: NodeJS.Timeout | undefined;
  let bytes = 0;
  let hasEnded = false;

  function end(how: BodyEnd, error?: unknown): void {
    clearTimeout(stall);
    if (!hasEnded) onEnd(how, bytes, error);
    hasEnded = true;
  }

  function breakOff(how: BodyEnd, error: unknown): void {
    if (hasEnded) return;
    end(how, error);
    // A client must not take a part for the whole body. So the connection must break before anything can end the stream
    // normally.
    if (cut) cut();
    else controller?.error(error);
  }

  function giveUp(): void {
    const error = new Error(`The client read nothing for ${stallMs / 1000} seconds.`);
    breakOff('aborted', error);
    reader.cancel(error).catch(() => {});
  }

  // A failure of the source is reported at once, not at the next read: if the client reads nothing more, its connection
  // would stay open forever.
  reader.closed.catch((error: unknown) => breakOff('failed', error));

  async function pull(to: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    clearTimeout(stall);
    const next = await reader.read().catch(() => undefined);
    if (!next || hasEnded) return;
    if (next.done) {
      end('complete');
      to.close();
      return;
    }
    bytes += next.value.byteLength;
    to.enqueue(next.value);
    stall = setTimeout(giveUp, stallMs);
  }

  return new ReadableStream<Uint8Array>(
    {
      start(own) {
        controller = own;
      },
      pull,
      cancel(reason) {
        end('aborted');
        return reader.cancel(reason);
      },
    },
    // Nothing is read ahead, so that only bytes that the client asked for are counted.
    { highWaterMark: 0 },
  );
}
