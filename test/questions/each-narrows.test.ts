import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listInvocations } from '../../src/archive/invocations/list-invocations.ts';
import { planPrune } from '../../src/archive/prune/plan-prune.ts';
import type { ArchiveDb } from '../../src/db/open.ts';
import { FILTER_NAMES, FILTERS, type FilterName } from '../../src/questions/filters.ts';
import { readFilters } from '../../src/questions/read-filters.ts';
import { unpacked } from '../archive/evidence/pack-trial.ts';
import { archiveWith, LATER, pruneOf } from '../archive/values/seen-archive.ts';
import { runCli } from '../cli/run-cli.ts';
import { rowsOf, tempFolder } from '../db/temp-archive.ts';
import { apiTrial } from '../http/api/api-trial.ts';
import { WHOLE } from '../model/marked-archive.ts';
import { changeAsked, recordAsked } from './asked-archive.ts';

const SPAN = { requestedAfter: '2026-01-01', requestedBefore: '2027-01-01' };

const api = apiTrial();
await recordAsked(api.db);

function filterOf(name: FilterName) {
  const { filter, faults } = readFilters({ [name]: FILTERS[name].example }, { now: LATER });
  expect(faults).toEqual([]);
  return filter;
}

/** The commands of the invocations that a filter finds, alone; some, and not all. */
function foundBy(name: FilterName, { sqlite }: ArchiveDb = api.db, asOf?: string): string[] {
  const { items } = listInvocations(sqlite, { ...WHOLE, filter: filterOf(name), ...(asOf !== undefined && { asOf }) });
  expect(items.map(({ commandId }) => commandId)).toContain(FILTERS.commandId.example);
  expect(items.length).toBeLessThan(3);
  return items.map(({ commandId }) => commandId).sort();
}

const linesOf = (folder: string, file: string) => readFileSync(join(folder, file), 'utf8').trimEnd().split('\n');

describe.each(FILTER_NAMES)('the filter %s alone', (name) => {
  it('narrows a list for a past time in the same way, whether or not the invocations have changed since', async () => {
    const asOf = '2026-05-15T00:00:00.000Z';
    const found = foundBy(name);
    expect(foundBy(name, api.db, asOf)).toEqual(found);
    const changed = archiveWith([]);
    await recordAsked(changed);
    changeAsked(changed, '2026-06-01T00:00:00.000Z');
    expect(foundBy(name, changed, asOf)).toEqual(found);
  });

  it('narrows the rows, the states and the count of an evidence pack', async () => {
    const found = foundBy(name);
    const reply = await api.app.request(
      `/v1/evidence?${new URLSearchParams({ ...SPAN, [name]: FILTERS[name].example })}`,
    );
    expect(reply.status).toBe(200);
    const pack = join(tempFolder(), 'pack.zip');
    writeFileSync(pack, Buffer.from(await reply.arrayBuffer()));
    const folder = await unpacked(pack);
    expect(JSON.parse(linesOf(folder, 'manifest.json').join('\n'))).toMatchObject({ invocations: found.length });
    const rows = linesOf(folder, 'invocations.ndjson').map((line) => JSON.parse(line).commandId);
    expect(rows.sort()).toEqual(found);
    expect(linesOf(folder, 'states.ndjson')).toHaveLength(found.length);
    for (const id of ['2026-02-01', '2026-05-01'])
      for (const file of ['invocations.csv', 'index.html'])
        expect(linesOf(folder, file).some((line) => line.includes(`${id}<`) || line.includes(`,${id},`))).toBe(
          found.includes(id),
        );
  });

  it('narrows what is pruned, and what the preview counts', async () => {
    const db = archiveWith([]);
    await recordAsked(db);
    const found = foundBy(name, db);
    const all = rowsOf(db, 'invocations').map((row) => String(row.command_id));
    const selection = filterOf(name);
    for (const kind of ['outputs', 'invocations'] as const) {
      const plan = planPrune(db.sqlite, { kind, selection, nowMs: LATER.getTime() });
      expect(plan).toMatchObject({ invocations: found.length, held: 0, unfinished: 0, young: 0 });
    }
    expect(await pruneOf(db, selection)).toBe(found.length);
    const left = rowsOf(db, 'invocations').map((row) => row.command_id);
    expect(left.sort()).toEqual(all.filter((id) => !found.includes(id)).sort());
  });
});

describe('the command evidence', () => {
  it('asks for what all of its options say', async () => {
    const examples = Object.fromEntries(FILTER_NAMES.map((name) => [name, FILTERS[name].example]));
    const options = FILTER_NAMES.flatMap((name) => [
      FILTERS[name].option.flags.split(' ')[0] ?? '',
      examples[name] ?? '',
    ]);
    const folder = dirname(api.reportsFile);
    const env = { SSM_ARCHIVE_DB: join(folder, 'archive.db'), SSM_ARCHIVE_LEDGER_KEY: join(folder, 'ledger.key') };
    const pack = join(tempFolder(), 'pack.zip');
    const { exitCode, stderr } = await runCli(tempFolder(), ['evidence', '--output', pack, ...options], env);
    expect([exitCode, stderr]).toEqual([0, expect.any(String)]);
    const manifest = JSON.parse(linesOf(await unpacked(pack), 'manifest.json').join('\n'));
    expect(manifest.question.filter).toEqual(readFilters(examples, { now: LATER }).filter);
  });
});
