/**
 * A failure that the reader can repair. The message is a sentence that says what was wrong and what to do, and is shown
 * without a stack trace. `exitCode` is the exit code of the CLI: 1 if something ran and failed, 2 for a wrong call or
 * setting.
 */
export class UserFault extends Error {
  override name = 'UserFault';
  readonly exitCode: 1 | 2;
  /** The lines of the message. A line end within one of them belongs to foreign text, and must not begin a new line. */
  readonly lines: readonly string[];

  constructor(message: string | readonly string[], options: { exitCode?: 1 | 2; cause?: unknown } = {}) {
    const lines = typeof message === 'string' ? [message] : message;
    super(lines.join('\n'), options.cause === undefined ? undefined : { cause: options.cause });
    this.lines = lines;
    this.exitCode = options.exitCode ?? 1;
  }
}
