import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { tempArchive } from './temp-archive.ts';

const Row = z.object({ tbl: z.string(), idx: z.string().nullable(), stat: z.string() });

function planOf(sql: string): string[] {
  return tempArchive()
    .sqlite.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
    .all()
    .map(({ detail }) => detail);
}

describe('the statistics that come with every archive', () => {
  it('exist for each column of each index, and name only tables and indexes that exist', () => {
    const { sqlite } = tempArchive();
    const indexes = sqlite
      .prepare<[], { name: string; columns: number }>(
        `SELECT name, (SELECT count(*) FROM pragma_index_info(s.name)) AS columns FROM sqlite_schema s
          WHERE type = 'index' AND tbl_name NOT GLOB 'outputs_fts*'`,
      )
      .all();
    const rows = z.array(Row).parse(sqlite.prepare('SELECT * FROM sqlite_stat1').all());
    const figures = new Map(rows.map(({ idx, stat }) => [idx, stat.match(/\d+/g)?.length]));
    for (const { name, columns } of indexes) expect([name, figures.get(name)]).toEqual([name, columns + 1]);
    const names = sqlite.prepare('SELECT name FROM sqlite_schema').pluck().all();
    for (const { tbl, idx } of rows) expect(names).toEqual(expect.arrayContaining(idx === null ? [tbl] : [tbl, idx]));
  });

  it('give the same number of rows for a table in all of its full indexes', () => {
    const { sqlite } = tempArchive();
    const sizes = sqlite
      .prepare(
        `SELECT tbl, count(DISTINCT CAST(stat AS INTEGER)) AS sizes FROM sqlite_stat1 JOIN sqlite_schema ON name = idx
          WHERE sql IS NULL OR sql NOT LIKE '%) WHERE %' GROUP BY tbl HAVING sizes > 1`,
      )
      .all();
    expect(sizes).toEqual([]);
  });

  it('are used by the connection that migrated the archive, and by the next connection', () => {
    const first = tempArchive();
    const sql =
      "EXPLAIN QUERY PLAN SELECT status, count(*) FROM plugin_runs WHERE requested_at >= '2026' GROUP BY status";
    const plan = first.sqlite.prepare(sql).all();
    expect(JSON.stringify(plan)).toContain('SEARCH i USING COVERING INDEX invocations_requested_at');
    expect(tempArchive().sqlite.prepare(sql).all()).toEqual(plan);
  });
});

describe('a user’s SQL', () => {
  const SPAN = "requested_at >= '2026-03-01'";
  const END = "requested_at < '2026-04-01'";
  it.each([
    `SELECT instance_id, output FROM plugin_runs WHERE status = 'Failed' AND ${SPAN}`,
    `SELECT plugin_name, count(*) FROM plugin_runs WHERE ${SPAN} GROUP BY plugin_name`,
    `SELECT document_name, avg(duration_ms) FROM plugin_runs WHERE ${SPAN} AND ${END} GROUP BY document_name`,
    `SELECT account_id, instance_id, count(*) FROM plugin_runs WHERE ${SPAN} AND ${END} GROUP BY account_id, instance_id`,
    `SELECT count(DISTINCT instance_id) FROM plugin_runs WHERE ${SPAN} AND ${END}`,
    `SELECT p.name FROM plugins p JOIN invocations i ON i.id = p.invocation_id WHERE p.status = 'Failed' AND ${SPAN}`,
    `SELECT i.instance_id FROM outputs o JOIN plugins p ON p.output_id = o.id JOIN invocations i ON i.id = p.invocation_id
      WHERE o.size_bytes > 2400 AND ${SPAN}`,
    `SELECT c.comment, count(*) FROM commands c JOIN invocations i USING (account_id, region, command_id)
      WHERE i.${SPAN} GROUP BY c.comment`,
  ])('is planned so that the span of time is searched first: %s', (sql) => {
    const [first] = planOf(sql).filter((step) => !step.startsWith('USE TEMP'));
    expect(first).toMatch(/^SEARCH i USING (COVERING )?INDEX invocations_requested_at \(requested_at>\?/);
  });

  it.each([
    ["status = 'Failed'", 'invocations_status (status=?)'],
    [`status = 'TimedOut' AND ${SPAN}`, 'invocations_status (status=? AND requested_at>?)'],
    ["status_details = 'Undeliverable'", 'invocations_status_details (status_details=?)'],
    ["status_details = 'ExecutionTimedOut' AND status_details <> 'Success'", 'invocations_status_details'],
  ])('finds the partial index of a status by %s', (condition, index) => {
    expect(planOf(`SELECT count(*) FROM invocations WHERE ${condition}`).join()).toContain(
      `USING COVERING INDEX ${index}`,
    );
  });

  it('finds the newest unsuccessful invocations without sorting all invocations', () => {
    const plan = planOf("SELECT * FROM invocations WHERE status <> 'Success' ORDER BY requested_at DESC LIMIT 20");
    expect(plan).toEqual(['SCAN invocations USING INDEX invocations_requested_at']);
  });

  it('does not read outputs if it selects none', () => {
    const plan = planOf('SELECT document_name, count(*), max(duration_ms) FROM plugin_runs GROUP BY document_name');
    expect(plan.join()).not.toMatch(/ o /);
    const byOutput = planOf(
      "SELECT r.instance_id FROM outputs_fts f JOIN plugin_runs r ON r.output_id = f.rowid WHERE outputs_fts MATCH 'a'",
    );
    expect(byOutput).toContain('SEARCH p USING INDEX plugins_output_id (output_id=?)');
  });
});
