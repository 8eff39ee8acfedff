import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openEngine } from '../../../src/lake/sql/open-engine.ts';
import { SqlFault } from '../../../src/questions/sql/sql-fault.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { sealedArchive } from '../sealed-archive.ts';
import { ESCAPES } from './lake-escapes.ts';
import { lakeSqlTrial, MEMORY_BYTES } from './lake-sql-trial.ts';

const SECRET = 'the-secret-of-this-machine';

it('no query over the lake reads a file, a setting or the environment, or writes, and no message has a path', async () => {
  const archive = await sealedArchive({ sealed: 1, invocations: 60 });
  const folder = tempFolder();
  const file = join(folder, 'secret.csv');
  const out = join(folder, 'out.parquet');
  writeFileSync(file, `a,b\n${SECRET},1\n`);
  const { answer, lake } = lakeSqlTrial(archive.sqlite.name, archive.lake);
  for (const [name, text] of ESCAPES) {
    const sql = text.replaceAll('{file}', file).replaceAll('{lake}', archive.lake).replaceAll('{out}', out);
    const told = await answer('lake', sql).then(
      ({ json }) => json,
      (error: unknown) => error,
    );
    expect([name, told]).toEqual([name, expect.any(SqlFault)]);
    expect(existsSync(out)).toBe(false);
    expect(String(told)).not.toContain(SECRET);
    // A message may repeat what the caller wrote, and has no other path.
    if (!sql.includes(archive.lake)) expect(String(told)).not.toContain(archive.lake);
  }
  // The refusals are of these queries: the same process goes on answering.
  expect((await answer('lake', 'SELECT 1 AS one')).json).toContain('"rows":[[1]]');

  // Without the check of the query, DuckDB's own settings refuse files, and can't be changed.
  const engine = await openEngine((await lake.ready()).of.view, MEMORY_BYTES);
  const connection = await engine.connect();
  for (const sql of [
    `FROM read_text('${file}')`,
    `ATTACH '${out}' AS o`,
    'SET enable_external_access = true',
    'LOAD httpfs',
  ])
    await expect(connection.run(sql), sql).rejects.toThrow();
  connection.closeSync();
  engine.close();
}, 240_000);
