import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { openArchive } from '../../src/db/open.ts';
import { FILE_FORMATS } from '../../src/lib/media-types.ts';
import { SQL_ENGINES } from '../../src/questions/sql/sql-engine.ts';
import { tempFolder } from '../db/temp-archive.ts';
import { PYICEBERG } from '../deploy/tools.mjs';
import { lakeSqlTrial } from '../lake/sql/lake-sql-trial.ts';
import { knowTests, onTestEnd } from '../on-test-end.ts';
import { ARCHIVES, makeHostileLake } from './hostile-lake.ts';
import { missing, runPython } from './python.ts';

knowTests();

const Found = z.array(
  z
    .object({
      names: z.array(z.string()),
      types: z.array(z.string()),
      metadata: z.record(z.string(), z.string()),
      rows: z.array(z.array(z.unknown())),
    })
    .nullable(),
);
const SQL = `SELECT invocation_id, requested_at, plugin_name, "position", status, response_code, duration_ms, output
  FROM plugin_runs ORDER BY 1, 4`;
const why = missing(PYICEBERG);

it.skipIf(why !== undefined)(
  `Arrow's own C++ reads from an answer as Parquet and as Arrow what JSON has, from either engine, and takes no part of it for the whole ${why ?? ''}`.trimEnd(),
  { timeout: 300_000 },
  async (test) => {
    const folder = tempFolder();
    const lake = join(folder, 'lake');
    // The archive's engine is asked for the rows from before they were sealed.
    const [unsealed = ''] = await makeHostileLake(folder, lake);
    const paths = { archive: unsealed, lake: join(folder, `archive-${ARCHIVES[0].number}.db`) };
    for (const engine of SQL_ENGINES) {
      onTestEnd(openArchive(paths[engine]).close);
      const { rows, file } = lakeSqlTrial(paths[engine], lake);
      const expected = await rows(engine, SQL);
      expect(expected.length).toBeGreaterThan(1);
      const files = await Promise.all(
        FILE_FORMATS.flatMap((format) =>
          [0, 1].map(async (missingBytes) => {
            const bytes = await file(engine, SQL, format);
            const path = join(folder, `${engine}-${missingBytes}.${format}`);
            writeFileSync(path, bytes.subarray(0, bytes.length - missingBytes));
            return path;
          }),
        ),
      );
      const [parquet, cutParquet, arrow, cutArrow] = Found.parse(
        await runPython(test, 'answers.py', PYICEBERG.path, files),
      );
      for (const found of [parquet, arrow]) {
        expect(found?.rows).toEqual(expected);
        expect(found?.types).toEqual(['int64', 'string', 'string', 'int64', 'string', 'int64', 'int64', 'string']);
        expect(found?.metadata).toHaveProperty('ssm-archive-engine', engine);
      }
      expect([cutParquet, cutArrow]).toEqual([null, null]);
    }
  },
);
