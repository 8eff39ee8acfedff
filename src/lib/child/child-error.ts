import type { SentError } from './protocol.ts';

/**
 * An error of a child process whose class is not among the named errors. It keeps the original error's name, message,
 * stack and code.
 */
export class ChildError extends Error {
  readonly code: string | undefined;

  constructor({ name, message, stack, code }: SentError) {
    super(message);
    this.name = name;
    this.code = code;
    if (stack !== undefined) this.stack = stack;
  }
}
