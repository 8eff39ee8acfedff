import { describe, expect, it } from 'vitest';
import type { ArchiveDb } from '../../src/db/open.ts';
import { tempArchive } from './temp-archive.ts';

interface Step {
  startedAt?: string | null;
  finishedAt?: string | null;
  output?: string | null;
}

/** An archive with one invocation of one step. */
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
  it('has the columns that the design lists', () => {
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

  it("tells the step's status from the invocation's, and its links too", () => {
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
  ])('a step from %s to %s took %s ms', (startedAt, finishedAt, duration) => {
    expect(only(archiveWithStep({ startedAt, finishedAt })).duration_ms).toBe(duration);
  });

  it.each([
    ['of a few words', 0, 'done\n'],
    ['that is empty', 0, ''],
    ['of 2,499 bytes', 0, 'x'.repeat(2499)],
    ['of 2,500 bytes', 1, 'x'.repeat(2500)],
    ["with the agent's mark on standard output", 1, 'head\n---Output truncated---'],
    ["with the agent's mark on standard error", 1, 'head\n---Error truncated----'],
    ["with the agent's mark behind a NUL", 1, 'a\u0000b\n---Output truncated---'],
  ])('an output %s has is_output_truncated %d', (_what, isTruncated, output) => {
    expect(only(archiveWithStep({ output }))).toMatchObject({ output, is_output_truncated: isTruncated });
  });

  it('an output that is absent is NULL, and so is whether it was cut', () => {
    expect(only(archiveWithStep({}))).toMatchObject({ output: null, is_output_truncated: null });
  });
});
