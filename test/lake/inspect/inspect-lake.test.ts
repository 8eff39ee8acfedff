import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inspectLake } from '../../../src/lake/inspect/inspect-lake.ts';
import { writeIntent } from '../../../src/lake/seal/seal-intents.ts';
import { sealedArchive } from '../sealed-archive.ts';

it('a lake has exactly the objects that the ledger names; what is missing, resized, unnamed or foreign is listed', async () => {
  const { sqlite, store, lake, sealed, days } = await sealedArchive();
  const [first = '', second = ''] = sealed;
  const nothing = { unnamed: [], missing: [], resized: [], untold: [], ofOthers: new Map(), foreign: [] };
  expect(await inspectLake(sqlite, store)).toEqual({
    ...{ isAbsent: false, objects: 21, bytes: expect.any(Number) },
    ...nothing,
  });
  const at = (table: string, day: string, archive = 'archive-0') =>
    join(lake, table, `day=${day}`, `${archive}.parquet`);
  rmSync(at('plugins', first));
  rmSync(join(lake, '_ledger', 'archive-0', 'sealed', `day=${second}`, 'g1.json'));
  writeFileSync(at('revisions', first), 'x');
  const later = days[5] ?? '';
  mkdirSync(join(lake, 'plugins', `day=${later}`));
  cpSync(at('plugins', second), at('plugins', later));
  cpSync(at('plugins', second), at('plugins', second, 'archive-7'));
  writeFileSync(join(lake, 'notes.txt'), 'x');
  expect(await inspectLake(sqlite, store)).toMatchObject({
    missing: [`plugins/day=${first}/archive-0.parquet`, `_ledger/archive-0/sealed/day=${second}/g1.json`],
    resized: [`revisions/day=${first}/archive-0.parquet`],
    unnamed: [`plugins/day=${later}/archive-0.parquet`],
    ...{ ofOthers: new Map([[7, 1]]), foreign: ['notes.txt'] },
  });
  const key = `plugins/day=${later}/archive-0.parquet`;
  const objects = [{ key, sha256: '0'.repeat(64) }];
  writeIntent(sqlite, { day: later, generation: 1, objects, replaces: [], madeAt: '2026-05-10T03:00:00.000Z' });
  expect((await inspectLake(sqlite, store)).unnamed).toEqual([]);
});
