import { ChildError } from './child-error.ts';
import type { NamedError } from './named-error.ts';
import type { SentError } from './protocol.ts';

/**
 * Returns an error as a message. The first class in the list that matches is used, so a subclass must come before its
 * parent class.
 */
export function sendError(error: unknown, known: readonly NamedError[]): SentError {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const code = error instanceof Error && 'code' in error && error.code !== undefined ? String(error.code) : undefined;
  for (const { name: named, send } of known) {
    const sent = send(error);
    if (sent) return { name, message, stack, code, named: { name: named, parts: sent.parts } };
  }
  return { name, message, stack, code };
}

/** Returns the error that was sent: of its own class if the list has that class, else a ChildError. */
export function receiveError(sent: SentError, known: readonly NamedError[]): Error {
  const { named } = sent;
  const its = named && known.find(({ name }) => name === named.name);
  return its ? its.receive(named.parts) : new ChildError(sent);
}
