/** A class of errors that keeps its class between processes. Both processes must have the same list of named errors. */
export interface NamedError {
  name: string;
  /** Returns the parts from which `receive` makes the error again; undefined for an error of another class. */
  send(error: unknown): { parts: unknown } | undefined;
  receive(parts: unknown): Error;
}

/**
 * Makes a named error of a class. `partsOf` returns the parts of an error that `make` needs, in a form that a message
 * can hold. The name is an argument because bundling may rename the class.
 */
export function namedError<E extends Error, Parts>(
  name: string,
  of: abstract new (...args: never[]) => E,
  partsOf: (error: E) => Parts,
  make: (parts: Parts) => E,
): NamedError {
  return {
    name,
    send: (error) => (error instanceof of ? { parts: partsOf(error) } : undefined),
    // Both processes run the same build, so `parts` has the type that `partsOf` returned.
    receive: (parts) => make(parts as Parts),
  };
}
