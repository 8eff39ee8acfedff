/** How many bytes may wait for a slow client, besides those in the pipe. */
const WAITING_BYTES = 262_144;

interface Source {
  pause(): void;
  resume(): void;
  onCancel(): void;
}

/** A body that accepts bytes only as fast as its client reads them. */
export interface PacedBody {
  stream: ReadableStream<Uint8Array>;
  add(chunk: Uint8Array): void;
  /** Ends the body after the bytes that still wait. */
  end(): void;
  /** Breaks the body off, and drops the bytes that still wait. */
  fail(error: Error): void;
}

/** After `end`, after `fail`, or after the stream was cancelled, nothing may be added. */
export function createPacedBody({ pause, resume, onCancel }: Source): PacedBody {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const stream = new ReadableStream<Uint8Array>(
    {
      start(own) {
        controller = own;
      },
      pull: resume,
      cancel: onCancel,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: WAITING_BYTES }),
  );
  return {
    stream,
    add(chunk) {
      controller?.enqueue(chunk);
      if ((controller?.desiredSize ?? 0) <= 0) pause();
    },
    end: () => controller?.close(),
    fail: (error) => controller?.error(error),
  };
}
