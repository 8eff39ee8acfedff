import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ManifestFile } from '../../../src/lake/seal/manifest-file.ts';
import { proveDays } from '../../../src/lake/seal/prove-days.ts';
import { sealDay } from '../../../src/lake/seal/seal-day.ts';
import { whyNotRipe } from '../../../src/lake/seal/why-not-ripe.ts';
import { DAY_MS } from '../../../src/lib/time.ts';
import { ACCOUNT, REGION } from '../../ingest/archive-trial.ts';
import { sealedArchive } from '../sealed-archive.ts';

/** So old are days in these tests, from their end on; the service remembers 30 days. */
const agedMs = (day: string, days: number) => Date.parse(`${day}T00:00:00.000Z`) + (1 + days) * DAY_MS;
const SEAL_AFTER = { sealAfterMs: 10 * DAY_MS, settlingMs: 15 * 60_000 };

describe('a day can be sealed', () => {
  it('once it is old enough and all of it was collected, or was forgotten by the service, as its manifest says', async () => {
    const { sqlite, days, deps, lake } = await sealedArchive({ sealed: 0, invocations: 200 });
    const day = days[10] ?? '';
    const why = (age: number) => whyNotRipe(sqlite, day, { ...SEAL_AFTER, nowMs: agedMs(day, age) });
    expect(why(9)).toBe('ended less than 10 days ago');
    expect(why(11)).toBeUndefined();
    sqlite.prepare('UPDATE coverage SET to_at = ?').run(`${day}T06:00:00.000Z`);
    expect(why(11)).toBe(
      `is not collected from ${day}T06:00:00.000Z to ${nextOf(day)}T00:00:00.000Z in ${ACCOUNT} ${REGION}, and the service still shows that time`,
    );
    expect(why(31)).toBeUndefined();
    await sealDay({ ...deps, now: () => new Date(agedMs(day, 31)) }, day);
    await proveDays(deps);
    const path = join(lake, `_ledger/archive-0/sealed/day=${day}/g1.json`);
    const manifest = JSON.parse(ManifestFile.parse(JSON.parse(readFileSync(path, 'utf8'))).manifest);
    expect(manifest).toMatchObject({
      ...{ schema: 1, archive: 0, day, generation: 1 },
      coverage: [
        {
          ...{ accountId: ACCOUNT, region: REGION, isComplete: false },
          gaps: [{ from: `${day}T06:00:00.000Z`, to: `${nextOf(day)}T00:00:00.000Z`, isForgotten: true }],
        },
      ],
      unfinished: { total: 0, runs: [] },
    });
    const counted = manifest.counts.reduce(
      (sum: number, { invocations }: { invocations: number }) => sum + invocations,
      0,
    );
    const { rows } = manifest.objects.find(({ table }: { table: string }) => table === 'invocations');
    expect(counted).toBe(rows);
  });

  it('although outputs of it were never fetched and runs never ended, once nobody can expect that any more', async () => {
    const { sqlite, days } = await sealedArchive({ sealed: 0, invocations: 200 });
    const day = days[10] ?? '';
    const why = (age: number) => whyNotRipe(sqlite, day, { ...SEAL_AFTER, nowMs: agedMs(day, age) });
    const id = sqlite.prepare('SELECT min(id) FROM invocations WHERE requested_at LIKE ?').pluck().get(`${day}%`);
    sqlite
      .prepare(
        `INSERT INTO output_queue (invocation_id, position, provenance, account_id, region, requested_at) VALUES (?, 0, 's3', ?, ?, ?)`,
      )
      .run(id, ACCOUNT, REGION, `${day}T10:00:00.000Z`);
    expect(why(11)).toBe('has 1 output still to be fetched in full');
    expect(why(40)).toBeUndefined();
    sqlite.exec('DELETE FROM output_queue');
    sqlite.prepare("UPDATE invocations SET status = 'InProgress' WHERE id = ?").run(id);
    expect(why(11)).toBe('has 1 run that has not ended and may still end');
    expect(why(40)).toBeUndefined();
    const { command_id: command } = Object(sqlite.prepare('SELECT command_id FROM invocations WHERE id = ?').get(id));
    const follow = sqlite.prepare(
      `INSERT INTO unfinished_commands (account_id, region, command_id, is_executing, first_seen_at, forgotten_at) VALUES (?, ?, ?, 1, ?, ?)
         ON CONFLICT DO UPDATE SET forgotten_at = excluded.forgotten_at`,
    );
    follow.run(ACCOUNT, REGION, command, `${day}T10:00:00.000Z`, `${nextOf(day)}T10:00:00.000Z`);
    expect(why(11)).toBeUndefined();
    follow.run(ACCOUNT, REGION, command, `${day}T10:00:00.000Z`, null);
    expect(why(11)).toBe('has 1 run that has not ended and may still end');
    sqlite.prepare("UPDATE invocations SET status = 'Success' WHERE id = ?").run(id);
    expect(why(11)).toBe('has 1 command that may still get invocations');
  });
});

function nextOf(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00.000Z`) + DAY_MS).toISOString().slice(0, 10);
}
