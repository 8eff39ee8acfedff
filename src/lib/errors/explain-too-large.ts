const DUCKDB_TOO_LARGE = /\bFile too large\b/;

/** Returns what to do if a file would be larger than the system lets this process make it; undefined for any other error. */
export function explainTooLarge(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const isCode = 'code' in error && error.code === 'EFBIG';
  if (!isCode && !DUCKDB_TOO_LARGE.test(error.message)) return undefined;
  return 'A file would be larger than the system allows this program to make it (ulimit -f, LimitFSIZE, or the limit of the file system). Raise the limit, and run this again.';
}
