import SQLite from 'better-sqlite3';
import { z } from 'zod';
import { LAKE_TABLES } from '../../src/lake/tables/lake-tables.ts';
import { allRows } from '../../src/lake/tables/select-rows.ts';
import { answerParent, readInput } from '../support/answer-parent.ts';

// The rival of sealing: reads the same rows of some days with better-sqlite3, and does nothing with them.
const { path } = readInput(z.object({ path: z.string() }));
const sqlite = new SQLite(path, { readonly: true });
sqlite.pragma('cache_size = -32768');

answerParent(
  (request) => {
    const days = z.array(z.string()).parse(request);
    const begin = performance.now();
    let rows = 0;
    for (const day of days) for (const table of LAKE_TABLES) for (const _ of allRows(table, sqlite, day)) rows += 1;
    return { seconds: (performance.now() - begin) / 1000, rows };
  },
  () => sqlite.close(),
);
