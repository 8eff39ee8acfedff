/** A read that took longer than it was given; its process was ended. */
export class ReadTimedOut extends Error {
  override name = 'ReadTimedOut';
  readonly deadlineMs: number;

  constructor(deadlineMs: number) {
    super(`The read took longer than ${deadlineMs / 1000} seconds and was ended.`);
    this.deadlineMs = deadlineMs;
  }
}

/** Too many reads are waiting, of this caller or in all. */
export class ReadQueueFull extends Error {
  override name = 'ReadQueueFull';
  readonly retryAfterMs: number;

  constructor(whose: 'of this caller' | 'in all', retryAfterMs: number) {
    super(`Too many reads ${whose} are waiting. Ask again in ${Math.ceil(retryAfterMs / 1000)} seconds.`);
    this.retryAfterMs = retryAfterMs;
  }
}

/** The caller gave the read up, or the pool was closed. */
export class ReadAborted extends Error {
  override name = 'ReadAborted';

  constructor() {
    super('The read was given up.');
  }
}

/** The reading process died, could not start, or met an error that nobody named; the log has it whole. */
export class ReaderFailed extends Error {
  override name = 'ReaderFailed';
}
