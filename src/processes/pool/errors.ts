/** A read took longer than its deadline, and its process was ended. */
export class ReadTimedOut extends Error {
  override name = 'ReadTimedOut';
  readonly deadlineMs: number;
  /** What the read had reported about itself before it was ended. */
  readonly note: unknown;

  constructor(deadlineMs: number, { isWaiting = false, note }: { isWaiting?: boolean; note?: unknown } = {}) {
    const seconds = deadlineMs === 1000 ? '1 second' : `${deadlineMs / 1000} seconds`;
    super(
      isWaiting
        ? `The read waited for its turn for ${seconds} while other long reads were running, and was given up.`
        : `The read took longer than ${seconds} and was ended.`,
    );
    this.deadlineMs = deadlineMs;
    this.note = note;
  }
}

/** Too many reads are waiting, either from this caller or in total. */
export class ReadQueueFull extends Error {
  override name = 'ReadQueueFull';
  readonly retryAfterMs: number;

  constructor(whose: 'of this caller' | 'in all', retryAfterMs: number) {
    super(`Too many reads ${whose} are waiting. Ask again in ${Math.ceil(retryAfterMs / 1000)} seconds.`);
    this.retryAfterMs = retryAfterMs;
  }
}

/** The caller gave up the read, or the pool was closed. */
export class ReadAborted extends Error {
  override name = 'ReadAborted';

  constructor() {
    super('The read was given up.');
  }
}

/** The reading process could not start, or met an error that is not a named error. The log has the whole error. */
export class ReaderFailed extends Error {
  override name = 'ReaderFailed';
}

/** The reading process ended in the middle of the read: it reached a limit of the operating system, or was killed. */
export class ReaderLost extends ReaderFailed {
  override name = 'ReaderLost';
}
