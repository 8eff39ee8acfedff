/**
 * Runs a function without Node's warnings, such as that a module is experimental: users can't do anything about them.
 */
export function withoutWarnings<Result>(work: () => Result): Result {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return work();
  } finally {
    process.emitWarning = emitWarning;
  }
}
