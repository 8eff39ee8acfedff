/** The number of the archive in a lake that several may share. */
export const ARCHIVE_NUMBER = 0;

/** The version of the tables' form. A later version may add columns at their end. */
export const SCHEMA_VERSION = 1;

/** Returns the key of the object that has the rows of a table for a day. */
export function keyOfDay(table: string, day: string): string {
  return `${table}/day=${day}/archive-${ARCHIVE_NUMBER}.parquet`;
}

/** The folder of the objects that have the commands of a month. */
export const COMMANDS_FOLDER = 'commands';

/** Returns the key of the object that has the commands of a month (`2026-03`). */
export function keyOfMonth(month: string): string {
  return `${COMMANDS_FOLDER}/month=${month}/archive-${ARCHIVE_NUMBER}.parquet`;
}

/** Returns the key of the object that has the manifest of a day, with its proof. */
export function keyOfManifest(day: string, generation: number): string {
  return `_ledger/archive-${ARCHIVE_NUMBER}/sealed/day=${day}/g${generation}.json`;
}
