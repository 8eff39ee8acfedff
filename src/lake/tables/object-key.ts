/** The version of the tables' form. A later version may add columns at their end. */
export const SCHEMA_VERSION = 1;

/** Returns the key of the object that has the rows of a table for a day, of the archive with this number. */
export function keyOfDay(archive: number, table: string, day: string): string {
  return `${table}/day=${day}/archive-${archive}.parquet`;
}

/** The folder of the objects that have the commands of a month. */
export const COMMANDS_FOLDER = 'commands';

/** Returns the key of the object that has the commands of a month (`2026-03`). */
export function keyOfMonth(archive: number, month: string): string {
  return `${COMMANDS_FOLDER}/month=${month}/archive-${archive}.parquet`;
}

/** Returns the key of the object that has the manifest of a day, with its proof. */
export function keyOfManifest(archive: number, day: string, generation: number): string {
  return `${sealedFolder(archive)}day=${day}/g${generation}.json`;
}

/** Returns the key of the object that says that a generation of a day was pruned as a whole. */
export function keyOfTombstone(archive: number, day: string, generation: number): string {
  return `${sealedFolder(archive)}day=${day}/g${generation}-pruned.json`;
}

/** How the keys of all manifests of an archive begin. */
export function sealedFolder(archive: number): string {
  return `_ledger/archive-${archive}/sealed/`;
}
