import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DDL_TABLE_NAMES } from '../../src/lake/ddl/ddl-table.ts';
import { CLICKHOUSE } from './asked/clickhouse.ts';
import { DUCKDB } from './asked/duckdb.ts';
import { HYPARQUET } from './asked/hyparquet.ts';
import { SPARK } from './asked/spark.ts';
import { TRINO } from './asked/trino.ts';
import { makeHostileLake } from './hostile-lake.ts';
import { PORTABLE_QUESTIONS } from './portable-questions.ts';
import { everyRowOf, openUnsealedCopies, type UnsealedCopies } from './unsealed-copies.ts';

const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-engines-'));
const lake = join(folder, 'lake');
let copies: UnsealedCopies;

beforeAll(async () => {
  copies = openUnsealedCopies(await makeHostileLake(folder, lake));
});
afterAll(() => {
  copies.close();
  rmSync(folder, { recursive: true, force: true });
});

// They wait for processes of their own.
describe.concurrent.each([DUCKDB, HYPARQUET, CLICKHOUSE, SPARK, TRINO])(
  '$title',
  ({ title, missing, folder: name, ask }) => {
    it.skipIf(missing !== undefined)(
      `reads every value of a lake of two archives with the statements that the product prints, and answers as SQLite does from both unsealed archives ${missing ?? ''}`.trimEnd(),
      { timeout: 900_000 },
      async (test) => {
        const own = join(folder, title);
        mkdirSync(own);
        const place = join(own, name);
        cpSync(lake, place, { recursive: true });
        const questions = Object.entries(PORTABLE_QUESTIONS);
        const asked = [...questions.map(([, sql]) => sql), ...DDL_TABLE_NAMES.map(everyRowOf)];
        const answers = await ask(place, asked, { folder: own, test });
        questions.forEach(([what, sql], n) => {
          const rows = copies.ask(sql);
          expect(rows.length, what).toBeGreaterThan(0);
          expect(answers[n], what).toEqual(rows);
        });
        DDL_TABLE_NAMES.forEach((table, n) => {
          const rows = copies.every(table);
          expect(rows.length, table).toBeGreaterThan(0);
          expect(answers[questions.length + n], table).toEqual(rows);
        });
      },
    );
  },
);
