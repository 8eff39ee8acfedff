/** Does something while Node's warnings are dropped, such as that a module is experimental. Users can't act on them. */
export function withoutWarnings<Result>(work: () => Result): Result {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return work();
  } finally {
    process.emitWarning = emitWarning;
  }
}
