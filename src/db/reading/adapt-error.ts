import SQLite from 'better-sqlite3';

/** SQLite's names of errors, by number: https://www.sqlite.org/rescode.html. */
const NAMES: Readonly<Record<number, string>> = {
  ...{ 1: 'ERROR', 2: 'INTERNAL', 3: 'PERM', 4: 'ABORT', 5: 'BUSY', 6: 'LOCKED', 7: 'NOMEM', 8: 'READONLY' },
  ...{ 9: 'INTERRUPT', 10: 'IOERR', 11: 'CORRUPT', 13: 'FULL', 14: 'CANTOPEN', 15: 'PROTOCOL', 17: 'SCHEMA' },
  ...{ 18: 'TOOBIG', 19: 'CONSTRAINT', 20: 'MISMATCH', 21: 'MISUSE', 23: 'AUTH', 25: 'RANGE', 26: 'NOTADB' },
};
const PRIMARY = 0xff;

/**
 * Does something with Node's SQLite, and throws its errors in the form of better-sqlite3, which all other code uses.
 */
export function adaptErrors<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw adaptError(error);
  }
}

export function adaptError(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  if (error.code === 'ERR_SQLITE_ERROR' && 'errcode' in error && typeof error.errcode === 'number') {
    const name = NAMES[error.errcode & PRIMARY];
    if (name === 'RANGE') return new RangeError('Too many parameter values were provided');
    const adapted = new SQLite.SqliteError(error.message, `SQLITE_${name ?? error.errcode}`);
    adapted.cause = error;
    return adapted;
  }
  if (error.code === 'ERR_INVALID_STATE' || error.code === 'ERR_INVALID_ARG_VALUE')
    return new RangeError('The supplied SQL string contains no statements', { cause: error });
  return error;
}
