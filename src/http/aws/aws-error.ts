/**
 * An error of the AWS protocol, with AWS's name for it. The history and the code that resolves callers throw such
 * errors, so that clients get AWS's own words.
 *
 * If `text` is undefined, the reply has no message member at all, like AWS's replies for InvalidFilterKey,
 * InvalidCommandId, InvocationDoesNotExist and InvalidPluginName. `status` is the HTTP status.
 */
export class AwsError extends Error {
  readonly code: string;
  readonly status: 400 | 403 | 500;
  readonly text: string | undefined;
  /** How much of the requested span the history covers; absent if the history does not say. */
  coverage?: string | undefined;

  constructor(code: string, text?: string, status: 400 | 403 | 500 = 400) {
    super(text ?? code);
    this.name = code;
    this.code = code;
    this.text = text;
    this.status = status;
  }
}
