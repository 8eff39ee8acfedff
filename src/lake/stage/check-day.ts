import type { Database } from 'better-sqlite3';
import { LAKE_TABLES } from '../tables/lake-tables.ts';
import { checkFile } from './check-file.ts';
import type { StagedFile } from './stage-day.ts';

/**
 * Reads the staged files of a day again, by another implementation than the one that wrote them. Their rows must be
 * those that were read from the archive, in the order of the table, and the leaf that is made of each state and of each
 * fetched output alone must be the leaf of the ledger. Returns what is wrong, in a sentence for each file; nothing if
 * the files are good.
 */
export async function checkDay(sqlite: Database, day: string, staged: readonly StagedFile[]): Promise<string[]> {
  const faults: string[] = [];
  for (const table of LAKE_TABLES) {
    const file = staged.find((one) => one.table === table.name);
    const fault = file ? await checkFile(sqlite, table, file) : 'it was not written';
    if (fault !== undefined) faults.push(`${table.name} of ${day}: ${fault}`);
  }
  return faults;
}
