import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { asyncBufferFromFile } from 'hyparquet';
import { ddlTables } from '../../../src/lake/ddl/ddl-table.ts';
import { openParquet } from '../../../src/lake/parquet/open-parquet.ts';
import type { Row } from '../unsealed-copies.ts';
import type { EngineToAsk } from './engine-to-ask.ts';

/** hyparquet knows no SQL: what it reads is put into tables of SQLite, which has nothing else. */
export const HYPARQUET: EngineToAsk = {
  title: 'hyparquet',
  folder: 'lake',
  missing: undefined,
  async ask(lake, questions) {
    const sqlite = new SQLite(':memory:');
    try {
      for (const { name, columns, partition } of ddlTables()) {
        const all = [...columns.map((column) => column.name), partition];
        sqlite.exec(`CREATE TABLE ${name} (${all.map((column) => `"${column}"`).join(', ')})`);
        const insert = sqlite.prepare(`INSERT INTO ${name} VALUES (${all.map(() => '?').join(', ')})`);
        for (const value of readdirSync(join(lake, name)))
          for (const file of readdirSync(join(lake, name, value))) {
            const opened = await openParquet(await asyncBufferFromFile(join(lake, name, value, file)));
            for await (const row of opened.read()) insert.run(...row, value.slice(`${partition}=`.length));
          }
      }
      return questions.map((question) => sqlite.prepare<[], Row>(question).raw().all());
    } finally {
      sqlite.close();
    }
  },
};
