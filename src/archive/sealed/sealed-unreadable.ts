/** A question needs sealed days, and their lake can't be read. The message says why, and what to do. */
export class SealedUnreadable extends Error {
  override name = 'SealedUnreadable';
}

/** Returns the error for a question about sealed days where no lake is configured. */
export function noLakeConfigured(): SealedUnreadable {
  return new SealedUnreadable(
    'Some days of this archive are sealed, and no lake is configured. Set SSM_ARCHIVE_LAKE to the folder or bucket with the sealed days.',
  );
}
