/** Bytes that may wait for a slow client, beside those in the pipe. */
const WAITING_BYTES = 262_144;

interface Source {
  pause(): void;
  resume(): void;
  onCancel(): void;
}

/** A body whose source goes no faster than its client. */
export interface PacedBody {
  stream: ReadableStream<Uint8Array>;
  add(chunk: Uint8Array): void;
  /** No more comes; what waits is still taken. */
  end(): void;
  /** Breaks it off: what waits is dropped. */
  fail(error: Error): void;
}

/** `end` and `fail` are the last, and so is a cancelled stream: nothing may be added after any of them. */
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
