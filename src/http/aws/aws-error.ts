/**
 * An error of the AWS protocol, named as the service names it. Whatever stands behind the protocol (the port, the
 * resolver of callers) throws these to answer in the service's own words.
 *
 * `text` undefined means that the reply has no message member at all, as the service does for InvalidFilterKey,
 * InvalidCommandId, InvocationDoesNotExist and InvalidPluginName. `status` is the HTTP status.
 */
export class AwsError extends Error {
  readonly code: string;
  readonly status: 400 | 403 | 500;
  readonly text: string | undefined;
  /** What the history has of what was asked, where it says so. */
  coverage?: string | undefined;

  constructor(code: string, text?: string, status: 400 | 403 | 500 = 400) {
    super(text ?? code);
    this.name = code;
    this.code = code;
    this.text = text;
    this.status = status;
  }
}
