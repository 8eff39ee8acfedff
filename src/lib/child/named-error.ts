/** A class of errors that is restored in the other process. Both processes must have the same list of them. */
export interface NamedError {
  name: string;
  /** The parts from which `receive` makes the error again. Undefined for an error of another class. */
  send(error: unknown): { parts: unknown } | undefined;
  receive(parts: unknown): Error;
}

/**
 * Names a class of errors. `partsOf` takes from the error what `make` needs; a message must be able to hold that. The
 * name is an argument, since bundling may rename the class.
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
