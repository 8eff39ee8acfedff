import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { z } from 'zod';
import { DDL_TABLE_NAMES } from '../../src/lake/ddl/ddl-table.ts';
import { PYICEBERG } from '../deploy/tools.mjs';
import { printedDdl } from './asked/printed-ddl.ts';
import { makeHostileLake } from './hostile-lake.ts';
import { missing, runPython } from './python.ts';
import { openUnsealedCopies } from './unsealed-copies.ts';

const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-iceberg-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const Printed = z.object({
  runs: z.array(z.array(z.string())),
  tables: z.record(z.string(), z.object({ columns: z.array(z.string()), rows: z.array(z.array(z.unknown())) })),
  filesOfSpan: z.array(z.string()),
});

const why = missing(PYICEBERG);

it.skipIf(why !== undefined)(
  `the script that the product prints adopts the files of a lake as tables of Iceberg, adds those of a new day, and makes a table again of which a file has changed ${why ?? ''}`.trimEnd(),
  { timeout: 900_000 },
  async (test) => {
    const lake = join(folder, `it's "q" \\ %41 $\{HOME} é\u{1f680} #&[a]*?{b}`);
    const copies = openUnsealedCopies(await makeHostileLake(folder, join(folder, 'lake')));
    renameSync(join(folder, 'lake'), lake);
    const own = join(folder, 'own');
    mkdirSync(join(own, 'warehouse'), { recursive: true });
    const file = (table: string, day: string, archive = 0) =>
      join(lake, table, `day=${day}`, `archive-${archive}.parquet`);
    // What is copied has rows of another day than its folder says: only whether the file is added is asked.
    const changes = [
      { from: file('output_queue', '2026-03-01'), to: file('output_queue', '2026-03-04') },
      { from: file('earlier_outputs', '2026-03-02'), to: file('earlier_outputs', '2026-03-01') },
    ];
    const task = { script: printedDdl('iceberg', lake), folder: own, tables: DDL_TABLE_NAMES, copies: changes };
    const printed = Printed.parse(await runPython(test, 'iceberg.py', PYICEBERG.path, task));
    const added = (run: number) =>
      Object.fromEntries(
        (printed.runs[run] ?? []).map((line) => /^ssm_archive\.(\w+): (\d+) files added$/.exec(line)?.slice(1) ?? []),
      );
    // Each archive has two days, and an output that was fetched in full on only one of them.
    const first = { invocations: '4', plugins: '4', revisions: '4', earlier_outputs: '4', output_queue: '4' };
    expect(added(0)).toEqual({ ...first, full_outputs: '2', commands: '2' });
    const none = Object.fromEntries(DDL_TABLE_NAMES.map((name) => [name, '0']));
    expect(added(1)).toEqual({ ...none, output_queue: '1' });
    expect(added(2)).toEqual({ ...none, earlier_outputs: '4' });
    const inOrder = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).sort();
    // Iceberg has no column for the day or the month.
    for (const name of DDL_TABLE_NAMES.filter((table) => !changes.some(({ from }) => from.includes(`/${table}/`))))
      expect(inOrder(printed.tables[name]?.rows ?? []), name).toEqual(
        inOrder(copies.every(name).map((row) => row.slice(0, -1))),
      );
    expect([...printed.filesOfSpan].sort()).toEqual([0, 8191].map((archive) => file('plugins', '2026-03-02', archive)));
    copies.close();
  },
);
