import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FILE_FORMATS } from '../../../src/lib/media-types.ts';
import { ReadAborted } from '../../../src/processes/pool/errors.ts';
import { ReportValuesInvalid } from '../../../src/questions/reports/bind-report.ts';
import type { Report } from '../../../src/questions/reports/report.ts';
import { sayWholeFrom } from '../../../src/questions/say-whole-from.ts';
import { SqlFault } from '../../../src/questions/sql/sql-fault.ts';
import { deliverReport } from '../../../src/reports/deliveries/deliver-report.ts';
import { ReportNotFound } from '../../../src/reports/errors.ts';
import { noteSealedDay } from '../../archive/sealed/seal-rows.ts';
import { readArrow, readParquet } from '../../lib/columns/read-columns.ts';
import { until } from '../../until.ts';
import { deliveredIn, deliveryTrial, ENDLESS, NOW } from '../delivery-trial.ts';

const NODES: Report = {
  name: 'nodes',
  description: 'Nodes, by their id.',
  sql: 'SELECT instance_id, comment, :since AS since FROM invocations WHERE requested_at >= :since ORDER BY 1',
  parameters: [{ name: 'since', type: 'time', description: 'Since then.', default: '-90d' }],
};
const NUMBERS: Report = {
  name: 'numbers',
  description: 'Numbers as they are bound.',
  sql: 'SELECT 3 / :half AS divided, :large AS large',
  parameters: [
    { name: 'half', type: 'real', description: 'A divisor.' },
    { name: 'large', type: 'integer', description: 'A number.' },
  ],
};
const WRONG: Report = { name: 'wrong', description: 'Not SQL.', sql: 'SELECT no_such', parameters: [] };
const never = new AbortController().signal;

function trial() {
  const own = deliveryTrial([NODES, NUMBERS, WRONG, ENDLESS]);
  own.record([
    { InstanceId: 'i-1', Comment: '=1+1' },
    { InstanceId: 'i-2', Comment: '' },
  ]);
  return own;
}

describe('a report that is delivered', () => {
  it('is a file in a folder that is made for it, with a companion that has the question, the time and the archive’s state', async () => {
    const { db, deps, delivery, directory } = trial();
    db.sqlite.exec(`INSERT INTO runs (id, started_at, finished_at, outcome, collector) VALUES
      (1, '2026-03-31T11:00:00.000Z', '2026-03-31T11:00:09.000Z', 'complete', 'a'), (2, '2026-03-31T11:59:59.000Z', NULL, 'running', 'a')`);
    const said = await deliverReport(deps, delivery('nodes', { values: { since: '2026-01-01' } }), never);
    const [delivered, ...others] = deliveredIn(directory);
    expect(others).toEqual([]);
    expect(delivered?.text).toBe(
      `instance_id,comment,since\r\ni-1,"'=1+1",2026-01-01T00:00:00.000Z\r\ni-2,"",2026-01-01T00:00:00.000Z\r\n`,
    );
    const { file, bytes, sha256 } = said;
    expect(delivered?.about).toEqual({
      ...{
        file,
        bytes,
        sha256,
        report: 'nodes',
        description: NODES.description,
        sql: NODES.sql,
        engine: 'archive',
        format: 'csv',
        rows: 2,
      },
      parameters: { since: '2026-01-01T00:00:00.000Z' },
      ...{ startedAt: NOW.toISOString(), finishedAt: NOW.toISOString() },
      archive: {
        revisionSeq: 2,
        lastRun: { id: 1, outcome: 'complete', finishedAt: '2026-03-31T11:00:09.000Z' },
        isExact: true,
      },
    });
    expect(file).toBe('nodes-20260331T120000Z.csv');
    expect(readdirSync(directory).sort()).toEqual([file, 'nodes-20260331T120000Z.json']);
  });

  it('may be CSV for spreadsheets, and then its companion names that format', async () => {
    const { deps, delivery, directory } = trial();
    await deliverReport(deps, delivery('nodes', { for: 'spreadsheet', values: { since: '2026-01-01' } }), never);
    const [delivered] = deliveredIn(directory);
    expect(delivered?.text.split('\r\n').slice(0, 2)).toEqual([
      '\ufeffinstance_id,comment,since',
      `i-1,"'=1+1",2026-01-01T00:00:00.000Z`,
    ]);
    expect(delivered?.about).toMatchObject({ format: 'csv', for: 'spreadsheet' });
  });

  it('may be NDJSON, in which numbers have the type of the parameter, and all their digits', async () => {
    const { deps, delivery, directory } = trial();
    const values = { half: '2', large: '9007199254740993' };
    await deliverReport(deps, delivery('numbers', { format: 'ndjson', values }), never);
    const [delivered] = deliveredIn(directory);
    expect(delivered?.text).toBe('{"divided":1.5,"large":9007199254740993}\n');
    expect(delivered?.about.parameters).toEqual({ half: 2, large: '9007199254740993' });
  });

  it.each(FILE_FORMATS)(
    'may be a file of columns, which says itself from which day it is whole, as %s',
    async (format) => {
      const { deps, delivery, directory, db } = trial();
      noteSealedDay(db.sqlite, '2026-03-01');
      await deliverReport(deps, delivery('nodes', { format, values: { since: '2026-01-01' } }), never);
      const [delivered] = deliveredIn(directory);
      expect(delivered?.about).toMatchObject({ format, rows: 2, file: `nodes-20260331T120000Z.${format}` });
      const bytes = readFileSync(join(directory, delivered?.name ?? ''));
      const { rows, metadata } = format === 'parquet' ? await readParquet(bytes) : readArrow(bytes);
      expect(rows.map(([node, comment]) => [node, comment])).toEqual([
        ['i-1', '=1+1'],
        ['i-2', ''],
      ]);
      expect(metadata).toEqual({ 'ssm-archive-engine': 'archive', 'ssm-archive-whole-from': '2026-03-02' });
    },
  );

  it('has a different name each time if the same report is written several times in one second', async () => {
    const { deps, delivery, directory } = trial();
    const asked = [{}, { values: { since: '-1d' } }, { format: 'ndjson' as const }];
    await Promise.all(asked.map((more) => deliverReport(deps, delivery('nodes', more), never)));
    await deliverReport(deps, delivery('nodes'), never);
    const delivered = deliveredIn(directory);
    expect(new Set(delivered.map(({ name }) => name.replace(/\.\w+$/, '')))).toEqual(
      new Set(['', '-2', '-3', '-4'].map((n) => `nodes-20260331T120000Z${n}`)),
    );
    expect(readdirSync(directory)).toHaveLength(8);
  });

  it('says that its archive state is not exact if something was recorded just before its query began', async () => {
    const { deps, delivery, directory, record } = trial();
    const { pool } = deps.sql;
    if (!pool) throw new Error('The trial has no pool.');
    const busy: typeof pool = {
      ...pool,
      stream(name, input, options) {
        record([{ InstanceId: 'i-3' }]);
        return pool.stream(name, input, options);
      },
    };
    await deliverReport({ ...deps, sql: { ...deps.sql, pool: busy } }, delivery('nodes'), never);
    expect(deliveredIn(directory)[0]?.about).toMatchObject({ rows: 3, archive: { revisionSeq: 2, isExact: false } });
  });
});

describe('a report that cannot be delivered', () => {
  it.each([
    ['wrong', {}, SqlFault],
    ['nowhere', {}, ReportNotFound],
    ['numbers', {}, ReportValuesInvalid],
  ] as const)('leaves no file, for example for the report "%s"', async (report, values, kind) => {
    const { deps, delivery, directory } = trial();
    await expect(deliverReport(deps, delivery(report, { values }), never)).rejects.toThrow(kind);
    expect(existsSync(directory) ? readdirSync(directory) : []).toEqual([]);
  });

  it('fails with a message if its folder cannot be made', async () => {
    const { deps, delivery, directory } = trial();
    writeFileSync(dirname(directory), 'a file');
    await expect(deliverReport(deps, delivery('nodes'), never)).rejects.toThrow(/ENOTDIR|EEXIST/);
  });

  it('leaves no file if it is aborted in the middle, and no unfinished report was visible', async () => {
    const { deps, delivery, directory } = trial();
    const going = new AbortController();
    const given = expect(deliverReport(deps, delivery('endless'), going.signal)).rejects.toThrow(ReadAborted);
    await until(() => sizes(directory).some((bytes) => bytes > 1_000_000));
    expect(readdirSync(directory).filter((name) => !name.startsWith('.'))).toEqual([]);
    going.abort();
    await given;
    expect(readdirSync(directory)).toEqual([]);
  });

  it('leaves no file if it cannot end within its deadline', async () => {
    const { deps, delivery, directory } = trial();
    await deliverReport(deps, delivery('nodes'), never);
    await expect(deliverReport({ ...deps, deadlineMs: 1000 }, delivery('endless'), never)).rejects.toThrow(/1 second/);
    expect(readdirSync(directory)).toHaveLength(2);
  });
});

function sizes(directory: string): number[] {
  return existsSync(directory) ? readdirSync(directory).map((name) => statSync(join(directory, name)).size) : [];
}

it('a delivery says from which day its rows are whole once a day is sealed, unless its span begins later', async () => {
  const trial = deliveryTrial([]);
  trial.record([{ InstanceId: 'i-1' }]);
  noteSealedDay(trial.db.sqlite, '2026-03-01');
  const aboutOf = async (from: string) => {
    const before = existsSync(trial.directory) ? deliveredIn(trial.directory).map(({ name }) => name) : [];
    await deliverReport(trial.deps, trial.delivery('what-ran', { values: { from } }), new AbortController().signal);
    return deliveredIn(trial.directory, before)[0]?.about;
  };
  const about = await aboutOf('2026-03-01');
  expect(about).toMatchObject({ wholeFrom: '2026-03-02', notes: [sayWholeFrom('2026-03-02')] });
  trial.deps.now = () => new Date(NOW.getTime() + 5000);
  expect(await aboutOf('2026-03-02')).not.toHaveProperty('wholeFrom');
});
