import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { asyncBufferFromFile } from 'hyparquet';
import { readSealedDays } from '../../src/archive/sealed/read-sealed-days.ts';
import { openParquet } from '../../src/lake/parquet/open-parquet.ts';
import { listIntents } from '../../src/lake/seal/seal-intents.ts';

/**
 * Returns each invocation of an archive by its id, with its key, status and steps: from SQLite if it is there, and else
 * from the lake, whose objects must be those of the ledger, or those of a seal that has begun.
 */
export async function whereRowsAre(sqlite: Database, lake: string): Promise<Map<number, string>> {
  const found = new Map<number, string>();
  const put = new Map(listIntents(sqlite).map(({ day, objects }) => [day, objects.map(({ sha256 }) => sha256)]));
  for (const { day, objects, invocations } of readSealedDays(sqlite)) {
    const paths: Record<string, string> = {};
    for (const { table, key, sha256 } of objects) {
      const path = join(lake, key);
      const digest = createHash('sha256').update(readFileSync(path)).digest('hex');
      if (digest !== sha256 && !put.get(day)?.includes(digest)) throw new Error(`${key} is not known`);
      paths[table] = path;
    }
    const steps = new Map<unknown, number>();
    for (const [id] of await columns(paths.plugins, ['invocation_id'])) steps.set(id, (steps.get(id) ?? 0) + 1);
    const rows = await columns(paths.invocations, ['id', 'command_id', 'instance_id', 'status']);
    if (rows.length < invocations) throw new Error(`${day} has lost rows`);
    for (const [id, ...row] of rows) {
      if (found.has(Number(id))) throw new Error(`invocation ${id} is in two days`);
      found.set(Number(id), [...row, steps.get(id) ?? 0].join(' '));
    }
  }
  const hot = sqlite
    .prepare<[], [number, ...unknown[]]>(
      `SELECT id, command_id, instance_id, status, (SELECT count(*) FROM plugins WHERE invocation_id = id) FROM invocations`,
    )
    .raw();
  for (const [id, ...row] of hot.all()) found.set(id, row.join(' '));
  return new Map([...found].sort(([a], [b]) => a - b));
}

async function columns(path = '', names: readonly string[]): Promise<unknown[][]> {
  const file = await openParquet(await asyncBufferFromFile(path));
  const places = names.map((name) => file.columns.findIndex((column) => column.name === name));
  const rows: unknown[][] = [];
  for await (const row of file.read()) rows.push(places.map((place) => row[place]));
  return rows;
}
