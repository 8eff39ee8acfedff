import { describe, expect, test } from 'vitest';
import { readCoverage } from '../../../src/archive/coverage/read-coverage.ts';
import { listCovered } from '../../../src/archive/record/mark-covered.ts';
import type { ArchiveDb } from '../../../src/db/open.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/lib/time.ts';
import type { Span } from '../../../src/model/coverage/spans.ts';
import { ACCOUNT, REGION, START, startTrial, type Trial } from '../archive-trial.ts';
import { serveTrial } from '../serve-trial.ts';

const SOURCE = { accountId: ACCOUNT, region: REGION };
const begin = START.getTime();

/**
 * Returns all that the archive has of commands, invocations and steps, by their keys and without its own ids and times.
 */
function contents({ sqlite }: ArchiveDb): unknown[] {
  const own = ['id', 'first_seen_at', 'changed_at', 'fingerprint'];
  const columns = (table: string) =>
    sqlite
      .prepare<[string], string>('SELECT name FROM pragma_table_info(?)')
      .pluck()
      .all(table)
      .filter((name) => !own.includes(name));
  const invocations = columns('invocations').map((name) => `i.${name}`);
  const steps = columns('plugins').filter((name) => !name.endsWith('_id'));
  return [
    sqlite
      .prepare(`SELECT ${columns('commands')} FROM commands ORDER BY command_id`)
      .raw()
      .all(),
    sqlite.prepare(`SELECT ${invocations} FROM invocations i ORDER BY command_id, instance_id`).raw().all(),
    sqlite
      .prepare(
        `SELECT i.command_id, i.instance_id, ${steps.map((name) => `p.${name}`)}, o.text FROM plugins p
           JOIN invocations i ON i.id = p.invocation_id LEFT JOIN outputs o ON o.id = p.output_id
          ORDER BY 1, 2, p.position`,
      )
      .raw()
      .all(),
  ];
}

/** Returns the spans that an archive has listed, without the edges, where it may lack invocations. */
function knownOf({ db, simulator, config }: Trial): Span[] {
  const [place] = readCoverage(db.sqlite, { nowMs: simulator.clock.now().getTime(), settlingMs: config.settlingMs });
  return (place?.covered ?? []).map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) }));
}

/** A second archive, which collects from the first. */
async function chained(first: Trial): Promise<Trial> {
  const endpoint = await serveTrial(first);
  const second = await startTrial({ now: first.simulator.clock.now() });
  second.config.aws = { endpoint, credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'any' } };
  second.config.sources = [{ alias: 'first', accountId: ACCOUNT, regions: [REGION] }];
  return second;
}

describe('an archive that collects from another', () => {
  test('has everything that the other archive has, including commands, and covers what the other covers except its edges', async () => {
    const first = await startTrial({ faults: { exponentTimestamps: true } });
    await first.pass();
    const second = await chained(first);
    expect((await second.pass()).outcome).toBe('complete');
    expect(contents(second.db)).toEqual(contents(first.db));
    expect(listCovered(second.db.sqlite, SOURCE)).toEqual(knownOf(first));
  });

  test('has history of any age if a start is configured, and takes over the gaps of the other archive', async () => {
    const first = await startTrial();
    await first.pass();
    first.simulator.clock.advance(70 * DAY_MS);
    await first.pass();
    const second = await chained(first);
    const now = second.simulator.clock.now().getTime();
    const { outcome } = await second.pass({ only: { from: begin - 31 * DAY_MS, to: now } });
    expect(outcome).toBe('complete');
    expect(contents(second.db)).toEqual(contents(first.db));
    expect(listCovered(second.db.sqlite, SOURCE)).toEqual(knownOf(first));
    expect(listCovered(second.db.sqlite, SOURCE)).toHaveLength(2);
  });

  test('does not cover the other’s edge until the other covers it, and then lists that edge again', async () => {
    // The other archive filters by the command's time. So late invocations of the gap's commands, which lie in the span
    // after the gap, are only shown once the gap is listed.
    const first = await startTrial({ filterTime: 'command', rollingShare: 0.6 });
    const gap = { from: begin - 20 * DAY_MS, to: begin - 19 * DAY_MS };
    await first.pass({ only: { from: begin - 30 * DAY_MS, to: gap.from } });
    await first.pass({ only: { from: gap.to, to: begin } });
    const second = await chained(first);
    await second.pass();
    const edge = knownOf(first)[1]?.from ?? 0;
    expect(edge).toBeGreaterThan(gap.to + DAY_MS);
    expect(listCovered(second.db.sqlite, SOURCE)[1]?.from).toBe(edge);
    const before = contents(second.db)[1];
    await first.pass();
    await second.pass();
    expect(contents(second.db)[1]).toEqual(contents(first.db)[1]);
    expect(contents(second.db)[1]).not.toEqual(before);
    expect(listCovered(second.db.sqlite, SOURCE)).toEqual(knownOf(first));
    expect(listCovered(second.db.sqlite, SOURCE)).toHaveLength(1);
  });

  test('covers only what the other archive has collected so far', async () => {
    const first = await startTrial();
    await first.pass();
    first.simulator.clock.advance(HOUR_MS / 2);
    const second = await chained(first);
    expect((await second.pass()).outcome).toBe('complete');
    const [covered] = listCovered(second.db.sqlite, SOURCE);
    expect(covered?.to).toBe(begin - 15 * MINUTE_MS);
  });
});
