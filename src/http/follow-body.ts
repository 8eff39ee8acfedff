/** How a stream ended: all of it was read, its reader went away, or its source failed. */
export type BodyEnd = 'complete' | 'aborted' | 'failed';

export interface BodyFollower {
  /** Called once, with how many bytes were read, and with the `error` if the source failed. */
  onEnd(end: BodyEnd, bytes: number, error?: unknown): void;
  /** How long a reader that was given bytes may ask for no more, before it counts as gone. */
  stallMs: number;
  /** Closes the connection. If it is absent, the stream errors instead. */
  cut?: (() => void) | undefined;
}

/** Passes the same bytes on at the pace of their reader, and reports how the stream ended. */
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
    // A client must not mistake a part for the whole: the connection has to break before anything ends the stream in
    // order.
    if (cut) cut();
    else controller?.error(error);
  }

  function giveUp(): void {
    const error = new Error(`The client took nothing for ${stallMs / 1000} seconds.`);
    breakOff('aborted', error);
    reader.cancel(error).catch(() => {});
  }

  // We report this at once: a client that reads nothing never asks again, so its connection would stay open for ever.
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
    // Nothing is read ahead, so that only bytes that were asked for are counted.
    { highWaterMark: 0 },
  );
}
