/** Does something without a word of what Node warns of meanwhile: that a module is experimental, to those who can do nothing about it. */
export function withoutWarnings<Result>(work: () => Result): Result {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return work();
  } finally {
    process.emitWarning = emitWarning;
  }
}
