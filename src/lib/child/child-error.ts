import type { SentError } from './protocol.ts';

/** An error of a child process that is of no named class, with the name, the words, the stack and the code that it had there. */
export class ChildError extends Error {
  readonly code: string | undefined;

  constructor({ name, message, stack, code }: SentError) {
    super(message);
    this.name = name;
    this.code = code;
    if (stack !== undefined) this.stack = stack;
  }
}
