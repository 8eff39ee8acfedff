import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assumeSpread } from '../../../src/archive/coverage/read-spread.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { BUILT_IN_REPORTS } from '../../../src/archive/reports/built-in-reports.ts';
import { coverageGaps } from '../../../src/archive/reports/coverage-gaps.ts';
import { failuresByDocumentAndWeek } from '../../../src/archive/reports/failures-by-document-and-week.ts';
import { firstEverDocuments } from '../../../src/archive/reports/first-ever-documents.ts';
import { outOfHoursRuns } from '../../../src/archive/reports/out-of-hours-runs.ts';
import { outputChanges } from '../../../src/archive/reports/output-changes.ts';
import { outputOutliers } from '../../../src/archive/reports/output-outliers.ts';
import { secretLookingOutputs } from '../../../src/archive/reports/secret-looking-outputs.ts';
import { slowestSteps } from '../../../src/archive/reports/slowest-steps.ts';
import { statusByNode } from '../../../src/archive/reports/status-by-node.ts';
import { unfinished } from '../../../src/archive/reports/unfinished.ts';
import { whatRan } from '../../../src/archive/reports/what-ran.ts';
import { addFunctions } from '../../../src/db/functions/add-functions.ts';
import type { ArchiveDb } from '../../../src/db/open.ts';
import { isoFromMs } from '../../../src/lib/time.ts';
import { edgesOf, uncoveredSpans } from '../../../src/model/coverage/spans.ts';
import { bindReport } from '../../../src/questions/reports/bind-report.ts';
import type { Report } from '../../../src/questions/reports/report.ts';
import { reportForm } from '../../../src/questions/reports/report-form.ts';
import { tempArchive } from '../../db/temp-archive.ts';
import { type Members, page, rawInvocation, rawPlugin, SOURCE } from '../raw-invocation.ts';
import { ask, NOW } from './report-trial.ts';

const OTHER = { accountId: '999999999999', region: 'us-east-1' };
const seconds = (at: string) => Date.parse(at) / 1000;

let commands = 0;
/** An invocation that was requested at this time; its command has no other invocation. */
function run(at: string | undefined, members: Members = {}): Members {
  commands += 1;
  const CommandId = `00000000-0000-4000-8000-${String(commands).padStart(12, '0')}`;
  const time = at === undefined ? undefined : seconds(at);
  return rawInvocation({ CommandId, RequestedDateTime: time, ...members });
}

function archiveOf(runs: readonly Members[], more: readonly Members[] = []): ArchiveDb {
  const db = tempArchive();
  const record = createSingleReplyRecorder(db.sqlite);
  if (runs.length > 0) record(page(runs));
  if (more.length > 0) record(page(more, { source: OTHER }));
  return db;
}

/** The values of these columns, for each row that the report returns. */
function answer(db: ArchiveDb, report: Report, given: Record<string, string>, ...columns: string[]): unknown[][] {
  return ask(db.sqlite.name, report, given).map((row) => columns.map((column) => row[column]));
}

const printing = (Output: string) => ({ CommandPlugins: [rawPlugin({ Output })] });

describe('every built-in report', () => {
  it.each(BUILT_IN_REPORTS)('is a valid report with defaults for all of its parameters: $name', (report) => {
    // What a report reads, and whether the lake answers it, is said of those that ship, and can't be configured.
    const { reads: _, inLake: __, ...form } = report;
    expect(reportForm.parse(form)).toEqual(form);
    expect(() => bindReport(report, {}, NOW)).not.toThrow();
    expect(report.sql).toMatch(/\n ORDER BY /);
  });

  it('has a unique name, and the reports are sorted by name', () => {
    const names = BUILT_IN_REPORTS.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)].sort());
    expect(names).toHaveLength(13);
  });

  it('returns no rows for an empty archive', () => {
    const { sqlite } = tempArchive();
    for (const report of BUILT_IN_REPORTS) expect(ask(sqlite.name, report), report.name).toEqual([]);
  });

  it('accepts an invocation about which the service said almost nothing', () => {
    const { sqlite } = archiveOf([{ CommandId: '11111111-2222-4333-8444-555555555555', InstanceId: 'i-1' }]);
    for (const report of BUILT_IN_REPORTS) {
      expect(ask(sqlite.name, report), report.name).toHaveLength(report === unfinished ? 1 : 0);
    }
  });

  it('reads each table that grows with the archive through an index', () => {
    const { sqlite } = tempArchive();
    addFunctions(sqlite);
    const grows = /^SCAN (i|p|o|u|invocations|plugins|outputs|commands|daily_counts)\b|invocations_account/;
    for (const report of BUILT_IN_REPORTS) {
      const plan = sqlite
        .prepare<[object], { detail: string }>(`EXPLAIN QUERY PLAN ${report.sql}`)
        .all(bindReport(report, {}, NOW))
        .map(({ detail }) => detail);
      // A first use can only be found by reading all commands. They are few compared with their invocations.
      const allowed = report === firstEverDocuments ? /^SCAN commands / : /^SCAN i USING INDEX invocations_unfinished$/;
      expect(
        plan.filter((step) => grows.test(step) && !allowed.test(step)),
        report.name,
      ).toEqual([]);
    }
  });
});

describe('what-ran', () => {
  it('includes the start of its span but not the end, and leaves out rows without a time', () => {
    const db = archiveOf([
      run('2026-03-01T00:00:00Z'),
      run('2026-03-01T23:59:59.999Z'),
      run('2026-03-02'),
      run(undefined),
    ]);
    const ran = (from: string, to: string) => answer(db, whatRan, { from, to }, 'requested_at').flat();
    expect(ran('2026-03-01', '2026-03-02')).toEqual(['2026-03-01T00:00:00.000Z', '2026-03-01T23:59:59.999Z']);
    for (const [from, to] of [
      ['2026-03-02', '2026-03-02'],
      ['2026-03-03', '2026-03-01'],
    ] as const)
      expect(() => ran(from, to)).toThrow('to: must be later than from');
  });
});

describe('failures-by-document-and-week', () => {
  it('counts days by the year of their ISO week, over all accounts, and includes unnamed documents', () => {
    const failed = { Status: 'Failed', StatusDetails: 'Failed' };
    const db = archiveOf(
      [
        run('2025-12-29T00:00:00Z', failed),
        run('2026-01-04T23:59:59Z'),
        run('2027-01-03', failed),
        run(undefined, failed),
      ],
      [run('2026-01-01', { ...failed, Status: 'TimedOut' }), run('2026-01-01', { ...failed, DocumentName: undefined })],
    );
    const counted = (given: Record<string, string>) =>
      answer(
        db,
        failuresByDocumentAndWeek,
        given,
        'week',
        'document_name',
        'invocations',
        'failed',
        'timed_out',
        'failure_percent',
      );
    expect(counted({ from: '2025-12-29', to: '2027-01-03' })).toEqual([
      ['2026-W53', 'AWS-RunShellScript', 1, 1, 0, 100],
      ['2026-W01', 'AWS-RunShellScript', 3, 1, 1, 66.7],
      ['2026-W01', null, 1, 1, 0, 100],
    ]);
    expect(counted({ from: '2025-12-30', to: '2026-12-31', account: SOURCE.accountId })).toEqual([]);
  });
});

describe('output-outliers', () => {
  it('compares each node’s last output, and names no outlier if no output is the most common', () => {
    const nodes = (...outputs: string[]) =>
      outputs.map((output, i) => run('2026-03-30', { InstanceId: `i-${i}`, ...printing(output) }));
    const outliers = (db: ArchiveDb) =>
      answer(db, outputOutliers, {}, 'instance_id', 'output', 'nodes_alike', 'most_alike');
    expect(outliers(archiveOf(nodes('a')))).toEqual([]);
    expect(outliers(archiveOf(nodes('a', 'a', 'b', 'b')))).toEqual([]);
    expect(outliers(archiveOf(nodes('a', 'a', 'b')))).toEqual([['i-2', 'b', 1, 2]]);
    const earlier = run('2026-03-29', { InstanceId: 'i-0', ...printing('c') });
    expect(outliers(archiveOf([...nodes('a', 'a', ''), earlier]))).toEqual([['i-2', '', 1, 2]]);
  });
});

describe('slowest-steps', () => {
  it('leaves out steps that have not ended, and measures milliseconds', () => {
    const zero = seconds('0001-01-01T00:00:00Z');
    const step = (from: number, to: number) => ({
      CommandPlugins: [rawPlugin({ ResponseStartDateTime: from, ResponseFinishDateTime: to })],
    });
    const db = archiveOf([
      run('2026-03-30', step(1774828800.001, 1774828800.25)),
      run('2026-03-30', step(1774828800, zero)),
      run('2026-03-30', step(zero, zero)),
      run('2026-03-30', step(1774828800, 1774915200.001)),
    ]);
    expect(answer(db, slowestSteps, {}, 'duration_ms').flat()).toEqual([86_400_001, 249]);
    expect(answer(db, slowestSteps, { most: '1' }, 'duration_ms').flat()).toEqual([86_400_001]);
  });
});

describe('unfinished', () => {
  it('counts an unknown or missing status as not final, puts rows without a time last, and says which commands were forgotten', () => {
    const db = archiveOf([
      run(undefined, { Status: 'InProgress', InstanceId: 'i-timeless' }),
      run('2026-03-31T00:00:00Z', { Status: 'Superseded', InstanceId: 'i-new' }),
      run('2026-03-30T12:00:00Z', { Status: undefined, InstanceId: 'i-old', CommandId: 'forgotten' }),
      run('2026-03-30', { Status: 'Cancelled' }),
    ]);
    db.sqlite
      .prepare(
        `INSERT INTO unfinished_commands (account_id, region, command_id, is_executing, first_seen_at, forgotten_at)
         VALUES (?, ?, 'forgotten', 1, '2026-03-30', '2026-03-31')`,
      )
      .run(SOURCE.accountId, SOURCE.region);
    expect(answer(db, unfinished, {}, 'instance_id', 'status', 'age_hours', 'forgotten_at')).toEqual([
      ['i-old', null, 24, '2026-03-31'],
      ['i-new', 'Superseded', 12, null],
      ['i-timeless', 'InProgress', null, null],
    ]);
  });
});

describe('coverage-gaps', () => {
  const HOUR = 3_600_000;
  const cover = ({ sqlite }: ArchiveDb, spans: readonly { from: number; to: number }[], source = SOURCE) => {
    const insert = sqlite.prepare('INSERT INTO coverage (account_id, region, from_at, to_at) VALUES (?, ?, ?, ?)');
    for (const { from, to } of spans) insert.run(source.accountId, source.region, isoFromMs(from), isoFromMs(to));
  };

  it('names the time that no span covers, and the edges of the spans, whatever the spans are', () => {
    // All runs share one archive: a temporary one for each run would cost a second each.
    const db = tempArchive();
    assumeSpread(db.sqlite, SOURCE, 3 * HOUR);
    const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 40 }), (given, from, hours) => {
        const to = from + hours;
        let end = 0;
        const spans = given.map(([gap, length]) => {
          const start = end + gap;
          end = start + length;
          return { from: start * HOUR, to: end * HOUR };
        });
        db.sqlite.exec('DELETE FROM coverage');
        cover(db, spans);
        const asked = { from: isoFromMs(from * HOUR), to: isoFromMs(to * HOUR) };
        const span = { from: from * HOUR, to: to * HOUR };
        const gaps = uncoveredSpans(span, spans).map((gap) => ({ ...gap, state: 'gap' }));
        const edges = edgesOf(spans, 3 * HOUR)
          .map((edge) => ({ from: Math.max(edge.from, span.from), to: Math.min(edge.to, span.to), state: 'edge' }))
          .filter((edge) => edge.from < edge.to);
        const expected = [...gaps, ...edges].sort((a, b) => a.from - b.from);
        expect(answer(db, coverageGaps, asked, 'from_at', 'to_at', 'hours', 'state')).toEqual(
          expected.map((one) => [isoFromMs(one.from), isoFromMs(one.to), (one.to - one.from) / HOUR, one.state]),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('names the whole span of a source that was never listed, with its last failure', () => {
    const db = tempArchive();
    cover(db, [{ from: 0, to: 10 * HOUR }]);
    const tallies = '0, 0, 0, 0, 0, 0, 0';
    db.sqlite.exec(`
      INSERT INTO runs (id, started_at, outcome, collector) VALUES (1, '1970-01-01', 'failed', 'x');
      INSERT INTO owed_sources (alias, account_id, region, since_at) VALUES ('a', '${OTHER.accountId}', '${OTHER.region}', '1970-01-31');
      INSERT INTO run_sources VALUES (1, 'a', '${OTHER.region}', '${OTHER.accountId}', 'failed', 'no', ${tallies}, 0, '', '');
      INSERT INTO run_sources VALUES (1, 'b', 'eu-west-1', NULL, 'failed', 'no', ${tallies}, 0, '', '');`);
    const sweep = db.sqlite.prepare(
      `INSERT INTO sweeps VALUES (NULL, 1, '${OTHER.accountId}', '${OTHER.region}', 'ListCommandInvocations', ?, ?, NULL, NULL,
         '', '', 'failed', ?, ${tallies}, NULL)`,
    );
    sweep.run('1970-01-01T00:00:00.000Z', '1970-01-01T05:00:00.000Z', 'first');
    sweep.run('1970-01-01T04:00:00.000Z', '1970-01-01T06:00:00.000Z', 'last');
    sweep.run('1970-01-01T06:00:00.000Z', null, 'later');
    const asked = { from: '1970-01-01T02:00:00Z', to: '1970-01-01T06:00:00Z' };
    expect(ask(db.sqlite.name, coverageGaps, asked)).toEqual([
      {
        ...{ account_id: SOURCE.accountId, region: SOURCE.region, hours: 4, last_error: null, state: 'edge' },
        ...{ from_at: '1970-01-01T02:00:00.000Z', to_at: '1970-01-01T06:00:00.000Z', missing_source: null },
      },
      {
        ...{ account_id: OTHER.accountId, region: OTHER.region, hours: 4, last_error: 'last', missing_source: null },
        state: 'gap',
        ...{ from_at: '1970-01-01T02:00:00.000Z', to_at: '1970-01-01T06:00:00.000Z' },
      },
    ]);
  });
});

describe('first-ever-documents', () => {
  it('has a row per account, and leaves out a document that was sent before', () => {
    const sent = (DocumentName: string | undefined) => ({ DocumentName });
    const db = archiveOf(
      [
        run('2026-01-01', sent('old')),
        run('2026-03-30', sent('old')),
        run('2026-03-29', sent('new')),
        run('2026-03-30', sent('new')),
      ],
      [run('2026-03-30', sent('old')), run(undefined, sent('timeless'))],
    );
    expect(answer(db, firstEverDocuments, {}, 'account_id', 'document_name', 'first_requested_at', 'commands')).toEqual(
      [
        [OTHER.accountId, 'old', '2026-03-30T00:00:00.000Z', 1],
        [SOURCE.accountId, 'new', '2026-03-29T00:00:00.000Z', 2],
      ],
    );
  });
});

describe('out-of-hours-runs', () => {
  it('counts the opening hour as work and the closing hour as outside work, and decides by local time what the weekend is', () => {
    const at = ['2026-03-27T06:59:59.999Z', '2026-03-27T07:00:00Z', '2026-03-27T18:59:59.999Z', '2026-03-27T19:00:00Z'];
    const db = archiveOf([...at, '2026-03-28T12:00:00Z'].map((time) => run(time)));
    const hours = (given: Record<string, string>) =>
      answer(db, outOfHoursRuns, given, 'first_local_time', 'nodes_on_weekend');
    expect(hours({})).toEqual([
      ['2026-03-27 06:59:59', 0],
      ['2026-03-27 19:00:00', 0],
      ['2026-03-28 12:00:00', 1],
    ]);
    // In a zone twelve hours ahead, Friday's shifts end on Saturday.
    expect(hours({ opens: '0', closes: '24', time_zone: 'Pacific/Tarawa' })).toEqual([
      ['2026-03-28 06:59:59', 1],
      ['2026-03-28 07:00:00', 1],
      ['2026-03-29 00:00:00', 1],
    ]);
  });
});

describe('output-changes', () => {
  it('compares each run with the one before it, of the same document on the same node', () => {
    const chain = ['a', 'a', 'b', 'a'].map((output, i) => run(`2026-03-2${i}`, printing(output)));
    const elsewhere = [run('2026-03-21', { InstanceId: 'i-other', ...printing('c') })];
    const another = [run('2026-03-22', { DocumentName: 'other', ...printing('d') })];
    const db = archiveOf([...chain, ...elsewhere, ...another], [run('2026-03-23', printing('e'))]);
    expect(answer(db, outputChanges, {}, 'previous_requested_at', 'requested_at', 'previous_output', 'output')).toEqual(
      [
        ['2026-03-21T00:00:00.000Z', '2026-03-22T00:00:00.000Z', 'a', 'b'],
        ['2026-03-22T00:00:00.000Z', '2026-03-23T00:00:00.000Z', 'b', 'a'],
      ],
    );
    expect(answer(db, outputChanges, { from: '2026-03-22' }, 'output')).toEqual([['a']]);
  });
});

describe('status-by-node', () => {
  it('puts a node without any final invocation last, and counts unknown statuses', () => {
    const status = (InstanceId: string, Status: string) => run('2026-03-30', { InstanceId, Status });
    const db = archiveOf([
      status('i-open', 'InProgress'),
      status('i-good', 'Success'),
      status('i-bad', 'Success'),
      status('i-bad', 'Failed'),
      status('i-bad', 'Superseded'),
    ]);
    expect(answer(db, statusByNode, {}, 'instance_id', 'invocations', 'others', 'success_percent')).toEqual([
      ['i-bad', 3, 1, 50],
      ['i-good', 1, 0, 100],
      ['i-open', 1, 1, null],
    ]);
  });
});

describe('secret-looking-outputs', () => {
  const key = 'AKIAIOSFODNN7EXAMPLE';
  const secrets: [output: string, ...found: [kind: string, line: number, shown: string][]][] = [
    [`x\ny ${key}`, ['AWS access key id', 2, 'AKIA…']],
    [
      `ASIA${'A'.repeat(16)} AKIA AKIAshort\n\n${key}`,
      ['AWS access key id', 1, 'ASIA…'],
      ['AWS access key id', 3, 'AKIA…'],
    ],
    ['-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----', ['private key', 1, '-----BEGIN …']],
    ['-----BEGIN PRIVATE KEY-----', ['private key', 1, '-----BEGIN …']],
    ['-----BEGIN CERTIFICATE-----'],
    ['password=hunter2', ['password', 1, 'password…']],
    ['DB_PASSWORD: "hunter2"', ['password', 1, 'PASSWORD…']],
    ['{"dbPassword": "hunter2"}', ['password', 1, 'Password…']],
    ['Password:'],
    ['password=*****'],
    [`password=\${DB_PASSWORD}`],
    ['password: \nnext'],
    ['the password is long'],
    ['passwd = hunter2\npwd=hunter2', ['password', 1, 'passwd…'], ['password', 2, 'pwd…']],
    ['aws_secret_access_key = wJalrXUtnFEMI', ['secret', 1, 'secret_access_key…']],
    ['client_secret=zyxwvu', ['secret', 1, 'secret…']],
    ['api-key: zyxwvu', ['API key', 1, 'api-key…']],
    ['"token":"zyxwvu"', ['token', 1, 'token…']],
    ['tokens: 12345'],
    ['Authorization: Bearer zyxwvutsrqponmlk', ['bearer token', 1, 'Bearer …']],
    ['Authorization: Bearer <token>'],
    [`ghp_${'a1'.repeat(18)}`, ['GitHub token', 1, 'ghp_…']],
    ['xoxb-123456789012-abc', ['Slack token', 1, 'xox…']],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', ['JSON web token', 1, 'eyJ…']],
    [`nul\0\n\0password=hunter2`, ['password', 2, 'password…']],
    ['日本語\n🚀 password=hunter2', ['password', 2, 'password…']],
    ['password=hunter2 password=hunter3', ['password', 1, 'password…']],
    ['nothing'],
  ];

  it('names secrets by kind and line, without the secret', () => {
    const db = archiveOf(
      secrets.map(([output], i) => run('2026-03-30', { InstanceId: `i-${i}`, ...printing(output) })),
    );
    const rows = ask(db.sqlite.name, secretLookingOutputs);
    for (const [i, [output, ...found]] of secrets.entries()) {
      const own = rows.filter((row) => row.instance_id === `i-${i}`);
      expect(
        own.map((row) => [row.kind, row.line, row.shown]),
        output,
      ).toEqual(found);
    }
    expect(JSON.stringify(rows)).not.toMatch(/hunter2|EXAMPLE|wJalr|zyxwvu|eyJhb/);
  });

  it('names every step in the span that printed a secret, and is fast even on long texts that repeat one word', () => {
    const flood = 'token '.repeat(416);
    const db = archiveOf(
      ['2026-03-28', '2026-03-30', '2026-01-01'].map((at) => run(at, printing('password=hunter2'))),
      Array.from({ length: 50 }, (_, i) => run('2026-03-30', printing(`${flood}${i}`))),
    );
    const started = performance.now();
    expect(answer(db, secretLookingOutputs, {}, 'requested_at').flat()).toEqual([
      '2026-03-30T00:00:00.000Z',
      '2026-03-28T00:00:00.000Z',
    ]);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
