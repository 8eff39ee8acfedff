/**
 * A failure that its reader can mend: the message is a sentence that says what was wrong and what to do, and is shown
 * without a stack trace. `exitCode` is the CLI's: 1 for something that ran and failed, 2 for a wrong call or setting.
 */
export class UserFault extends Error {
  override name = 'UserFault';
  readonly exitCode: 1 | 2;
  /** The message, line by line. A line end within one of these is part of what somebody wrote, and begins no line. */
  readonly lines: readonly string[];

  constructor(message: string | readonly string[], options: { exitCode?: 1 | 2; cause?: unknown } = {}) {
    const lines = typeof message === 'string' ? [message] : message;
    super(lines.join('\n'), options.cause === undefined ? undefined : { cause: options.cause });
    this.lines = lines;
    this.exitCode = options.exitCode ?? 1;
  }
}
