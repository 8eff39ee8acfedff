/** Archives of one lake have numbers below this one. The ids of all of them are then whole numbers below 2^53. */
export const MOST_ARCHIVES = 8192;

/** So many ids of invocations belong to each archive: a trillion. */
export const IDS_OF_ARCHIVE = 2 ** 40;

/** The first id of the archive with a number, as SQL. Ids of different archives of a lake are never the same. */
export const FIRST_ID_SQL = `(coalesce((SELECT number FROM main.archive_numbers), 0) * ${IDS_OF_ARCHIVE} + 1)`;
