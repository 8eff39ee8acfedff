/**
 * A failure that its reader can mend: the message is a sentence that says what was wrong and what to do, and is shown
 * without a stack trace. `exitCode` is the CLI's: 1 for something that ran and failed, 2 for a wrong call or setting.
 */
export class UserFault extends Error {
  override name = 'UserFault';
  readonly exitCode: 1 | 2;

  constructor(message: string, options: { exitCode?: 1 | 2; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.exitCode = options.exitCode ?? 1;
  }
}
