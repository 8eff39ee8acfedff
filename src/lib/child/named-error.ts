/** A class of errors that goes between processes whole: each side has the same list of them. */
export interface NamedError {
  name: string;
  /** What makes the error again; undefined for one of another class. */
  send(error: unknown): { parts: unknown } | undefined;
  receive(parts: unknown): Error;
}

/**
 * Names a class of errors. `partsOf` takes out what `make` needs, which a message must be able to hold. Bundling may rename
 * a class, so the name is said.
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
    // Both processes are of one build: what `partsOf` made there is what `make` takes here.
    receive: (parts) => make(parts as Parts),
  };
}
