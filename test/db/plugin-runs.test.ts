import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ArchiveDb } from '../../src/db/open.ts';
import { IS_OUTPUT_TRUNCATED } from '../../src/db/sql/is-output-truncated.ts';
import { STEP_DURATION_MS } from '../../src/db/sql/step-duration.ts';
import { cutOutput } from '../../src/simulator/outputs/cut-output.ts';
import { tempArchive } from './temp-archive.ts';

const CUT_BEFORE_ERRORS = '\n---Output truncated---\n----------ERROR-------\n';

interface Step {
  startedAt?: string | null;
  finishedAt?: string | null;
  output?: string | null;
}

/** Makes an archive with one invocation of one step. */
function archiveWithStep({ startedAt = null, finishedAt = null, output = null }: Step): ArchiveDb {
  const db = tempArchive();
  db.sqlite.exec(`
    INSERT INTO invocations (id, account_id, region, command_id, instance_id, document_name, status, status_details,
      standard_output_url, first_seen_at, changed_at, fingerprint)
    VALUES (1, '012345678901', 'eu-west-1', 'c', 'i', 'AWS-RunShellScript', 'InProgress', 'Delayed', 'whole', '', '', x'')`);
  if (output !== null) {
    db.sqlite
      .prepare("INSERT INTO outputs (id, sha256, text, size_bytes) VALUES (1, x'00', ?, ?)")
      .run(output, Buffer.byteLength(output));
  }
  db.sqlite
    .prepare(
      `INSERT INTO plugins (invocation_id, position, name, status, status_details, response_code, started_at,
         finished_at, output_id, standard_output_url) VALUES (1, 0, 'step', 'Failed', 'Failed', 3, ?, ?, ?, 'step url')`,
    )
    .run(startedAt, finishedAt, output === null ? null : 1);
  return db;
}

function only(db: ArchiveDb): Record<string, unknown> {
  return db.sqlite.prepare<[], Record<string, unknown>>('SELECT * FROM plugin_runs').get() ?? {};
}

describe('plugin_runs', () => {
  it('has exactly its documented columns', () => {
    const columns = tempArchive().sqlite.prepare("SELECT name FROM pragma_table_info('plugin_runs')").pluck().all();
    expect(columns).toEqual(
      expect.arrayContaining(
        `account_id region command_id instance_id instance_name comment document_name document_version requested_at
         invocation_status invocation_status_details trace_output standard_output_url standard_error_url service_role
         notification_arn notification_events_json notification_type cloudwatch_log_group is_cloudwatch_output_enabled
         first_seen_at changed_at position plugin_name status status_details response_code started_at finished_at
         duration_ms output is_output_truncated`.split(/\s+/),
      ),
    );
    expect(new Set(columns).size).toBe(columns.length);
  });

  it("keeps the step's status and links apart from those of the invocation", () => {
    expect(only(archiveWithStep({}))).toMatchObject({
      account_id: '012345678901',
      document_name: 'AWS-RunShellScript',
      invocation_status: 'InProgress',
      invocation_status_details: 'Delayed',
      standard_output_url: 'whole',
      position: 0,
      plugin_name: 'step',
      status: 'Failed',
      response_code: 3,
      plugin_standard_output_url: 'step url',
    });
  });

  it.each([
    ['2026-03-01T09:30:00.000Z', '2026-03-01T09:30:00.001Z', 1],
    ['2026-03-01T09:30:00.123Z', '2026-03-01T09:30:01.122Z', 999],
    ['2026-03-01T09:30:00.000Z', '2026-03-01T09:30:00.000Z', 0],
    ['2026-02-28T23:59:59.999Z', '2026-03-10T00:00:00.000Z', 777_600_001],
    ['2026-03-01T09:30:00.000Z', null, null],
    [null, null, null],
    ['2026-03-01T09:30:00.000Z', '0001-01-01T00:00:00.000Z', null],
    ['0001-01-01T00:00:00.000Z', '0001-01-01T00:00:00.000Z', null],
    ['1970-01-01T00:00:00.000Z', '2026-03-01T09:30:00.000Z', null],
    ['2026-03-01T09:30:05.000Z', '2026-03-01T09:30:00.000Z', null],
    ['2026-03-01T09:30:00.001Z', '2026-03-01T09:30:00.000Z', null],
  ])('for a step from %s to %s, has a duration of %s ms', (startedAt, finishedAt, duration) => {
    expect(only(archiveWithStep({ startedAt, finishedAt })).duration_ms).toBe(duration);
  });

  it.each([
    ['of a few words', 0, 'done\n'],
    ['that is empty', 0, ''],
    ['of 2,499 bytes', 0, 'x'.repeat(2499)],
    ['of 2,500 bytes', 1, 'x'.repeat(2500)],
    ["with the agent's mark at its end", 1, `${'x'.repeat(2477)}\n---Output truncated---`],
    ["with the agent's mark at the end of standard error", 1, `${'x'.repeat(2477)}\n---Error truncated----`],
    ["with the agent's mark before what was printed as errors", 1, `${'x'.repeat(2400)}${CUT_BEFORE_ERRORS}oh`],
    ['with the mark of an older agent, which cut at 2,400 bytes', 1, `${'x'.repeat(2377)}\n---Output truncated---`],
    ["with the agent's mark after a NUL", 1, `a\u0000${'b'.repeat(2470)}\n---Output truncated---`],
    ["with the agent's mark in bytes that are not ASCII", 1, `${'é'.repeat(1238)}\n---Output truncated---`],
    ['of a few words that mentions the mark', 0, 'looks for ---Output truncated--- in files\nand goes on\n'],
    ['of a few words that ends in the mark', 0, 'head\n---Output truncated---'],
    ['of a few words that ends in the mark of errors', 0, 'head\n---Error truncated----'],
    ['of a few words with the mark before errors', 0, `head${CUT_BEFORE_ERRORS}oh`],
    ['of 2,490 bytes with the mark in its middle', 0, `${'x'.repeat(1234)}\n---Output truncated---${'x'.repeat(1233)}`],
    ['of 2,490 bytes that begins with the mark', 0, `---Error truncated----${'x'.repeat(2468)}`],
  ])('for an output %s, has the is_output_truncated %d', (_what, isTruncated, output) => {
    expect(only(archiveWithStep({ output }))).toMatchObject({ output, is_output_truncated: isTruncated });
  });

  it("recognizes each output that the simulator's agent cut, and no other output", () => {
    const look = tempArchive()
      .sqlite.prepare<[string, number], number>(
        `SELECT ${IS_OUTPUT_TRUNCATED} FROM (SELECT ? AS text, ? AS size_bytes) o`,
      )
      .pluck();
    // No uncut output here happens to end in the agent's mark or to have 2,500 bytes.
    const mention = fc.constantFrom(
      ...['', '---Output truncated---', CUT_BEFORE_ERRORS.slice(1, 10), '---Error truncated----'],
    );
    const text = fc
      .tuple(mention, fc.string({ unit: 'grapheme', maxLength: 20 }), fc.integer({ min: 0, max: 400 }))
      .map(([before, part, times]) => `${before}${part.repeat(times)}.`);
    const both = fc.record({ stdout: text, stderr: fc.oneof(fc.constant(''), text) });
    fc.assert(
      fc.property(both, ({ stdout, stderr }) => {
        const whole = stderr === '' ? stdout : `${stdout}\n----------ERROR-------\n${stderr}`;
        const shown = cutOutput({ stdout, stderr });
        fc.pre(shown !== whole || Buffer.byteLength(whole) < 2500);
        expect(look.get(shown, Buffer.byteLength(shown))).toBe(shown === whole ? 0 : 1);
      }),
      { numRuns: 500 },
    );
  });

  it('uses the SQL of the lists for durations and cut outputs', () => {
    const view = tempArchive().sqlite.prepare("SELECT sql FROM sqlite_schema WHERE name = 'plugin_runs'").pluck().get();
    for (const words of [IS_OUTPUT_TRUNCATED, STEP_DURATION_MS]) expect(view).toContain(words);
  });

  it('has NULL for an absent output, and NULL for whether the output was cut', () => {
    expect(only(archiveWithStep({}))).toMatchObject({ output: null, is_output_truncated: null });
  });
});
