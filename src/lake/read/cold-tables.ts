import type { Database } from 'better-sqlite3';
import { isLakeIndex } from '../../archive/sealed/lake-index.ts';
import { prepareOnce } from '../../db/prepare-once.ts';
import { decodeOutput } from '../../lib/text/decode-output.ts';
import type { LakeRows } from '../restore/lake-rows.ts';
import { putRows } from '../restore/put-rows.ts';
import { emptyShadow, shadowTables } from '../restore/shadow-tables.ts';
import { keptApart } from './keep-apart.ts';

/** A connection to the archive on which sealed rows stand in the place of the archive's own. */
export interface ColdTables {
  sqlite: Database;
  /** Replaces the rows. `isSearched` says whether their outputs are searched for words. */
  fill(rows: readonly LakeRows[], isSearched: boolean): void;
}

/** Takes a connection to the archive that nobody else uses, and that only reads. */
export function makeColdTables(sqlite: Database): ColdTables {
  sqlite.pragma('temp_store = MEMORY');
  shadowTables(sqlite);
  const isOfMany = isLakeIndex(sqlite);
  return {
    sqlite,
    fill(rows, isSearched) {
      sqlite.transaction(() => {
        emptyShadow(sqlite);
        for (const some of rows) putRows(sqlite, 'temp', isOfMany ? keptApart(some) : some);
        if (isSearched) indexOutputs(sqlite);
      })();
    },
  };
}

/** Makes the outputs in the temporary tables searchable. */
export function indexOutputs(sqlite: Database): void {
  const add = prepareOnce<[number, string], unknown>(
    sqlite,
    'INSERT INTO temp.outputs_fts (rowid, text) VALUES (?, ?)',
  );
  const outputs = prepareOnce<[], { id: number; text: string }>(sqlite, 'SELECT id, text FROM temp.outputs');
  for (const { id, text } of outputs.all()) add.run(id, decodeOutput(text));
}
