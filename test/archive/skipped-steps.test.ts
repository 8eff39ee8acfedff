import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createRowRedaction } from '../../src/archive/evidence/redact-row.ts';
import { migrateArchive } from '../../src/archive/file/migrate-archive.ts';
import { openArchive } from '../../src/archive/file/open-archive.ts';
import { getInvocation } from '../../src/archive/invocations/get-invocation.ts';
import type { InvocationView } from '../../src/archive/invocations/invocation-view.ts';
import { prune } from '../../src/archive/prune/prune.ts';
import { createSingleReplyRecorder } from '../../src/archive/record/record-replies.ts';
import { archiveOfSchema } from '../db/archive-of-first-version.ts';
import { rowsOf, tempFolder } from '../db/temp-archive.ts';
import { page, rawInvocation, rawPlugin, SOURCE } from './raw-invocation.ts';
import { sentences, sign, verifyInProcess } from './verify/attacked-archive.ts';

const SKIPPED = 'Step execution skipped due to incompatible platform. Step name: PatchWindows';
const KEY = { ...SOURCE, commandId: '11111111-2222-4333-8444-555555555555', instanceId: 'i-0123456789abcdef0' };
const told = (view: InvocationView | undefined) => view?.plugins?.map(({ isSkipped }) => isSkipped);

/**
 * An archive that saw a run twice: first while it ran, and a day later with a step that was skipped and a step that
 * ran.
 */
function recorded() {
  const db = openArchive(join(tempFolder(), 'archive.db'));
  onTestFinished(() => db.close());
  const { sqlite } = db;
  const record = createSingleReplyRecorder(sqlite);
  const state = (Status: string, steps: [Output: string, ResponseCode: number][]) =>
    rawInvocation({
      Status,
      CommandPlugins: steps.map(([Output, ResponseCode]) => rawPlugin({ Status, Output, ResponseCode })),
    });
  record(
    page([
      state('InProgress', [
        ['', -1],
        ['', -1],
      ]),
    ]),
  );
  record(
    page(
      [
        state('Success', [
          [SKIPPED, 0],
          ['installed 3\n', 0],
        ]),
      ],
      { observedAt: '2026-03-02T10:00:00.000Z' },
    ),
  );
  sign(sqlite, join(tempFolder(), 'ledger.key'), 3);
  return sqlite;
}

describe('whether a step was skipped', () => {
  it('is filled in for an older archive, and is NULL if the output was pruned before that', async () => {
    const path = join(tempFolder(), 'archive.db');
    const step = (id: number, status: string, code: number, output: number | null, isPruned = 0) =>
      `(${id}, 0, '${status}', ${code}, ${output}, ${isPruned})`;
    const steps = [
      ...[step(1, 'Success', 0, 1), step(2, 'Success', 0, 2), step(3, 'Failed', 1, 1), step(4, 'Success', 0, null)],
      ...[step(5, 'Success', 0, null, 1), step(6, 'Failed', 1, null, 1)],
    ];
    archiveOfSchema(
      path,
      10,
      `INSERT INTO invocations (id, account_id, region, command_id, instance_id, first_seen_at, changed_at, fingerprint)
       VALUES ${steps.map((_, n) => `(${n + 1}, '1', 'r', 'a', 'i-${n}', '', '', x'00')`).join()};
       INSERT INTO outputs (id, sha256, text, size_bytes) VALUES (1, x'01', '${SKIPPED}', ${SKIPPED.length}), (2, x'02', 'ran: ${SKIPPED}', 9);
       INSERT INTO plugins (invocation_id, position, status, response_code, output_id, is_output_pruned) VALUES ${steps.join()}`,
    );
    await migrateArchive(path, { say() {}, signal: new AbortController().signal });
    const db = openArchive(path);
    onTestFinished(() => db.close());
    expect(rowsOf(db, 'plugins').map((row) => row.is_skipped)).toEqual([1, 0, 0, 0, null, 0]);
    expect(rowsOf(db, 'plugin_runs').map((row) => row.is_skipped)).toEqual([1, 0, 0, 0, null, 0]);
  });

  it('is shown as it was in the requested state', () => {
    const sqlite = recorded();
    expect(told(getInvocation(sqlite, KEY))).toEqual([true, false]);
    expect(told(getInvocation(sqlite, KEY, '2026-03-01T12:00:00.000Z'))).toEqual([false, false]);
    expect(told(getInvocation(sqlite, KEY, '2026-03-03T12:00:00.000Z'))).toEqual([true, false]);
  });

  it('is still known after outputs are pruned, and the archive is intact', async () => {
    const sqlite = recorded();
    await prune(
      { sqlite, now: () => new Date('2026-12-01T00:00:00.000Z'), renew() {}, onProgress: undefined },
      { by: 'auditor', reason: 'over', kind: 'outputs', selection: { commandId: KEY.commandId } },
    );
    expect(getInvocation(sqlite, KEY)?.plugins).toMatchObject([
      { isSkipped: true, isOutputPruned: true },
      { isSkipped: false, isOutputPruned: true },
    ]);
    expect(sentences(verifyInProcess(sqlite))).toBe('');
  });

  it('is compared with the output by `verify`', () => {
    const sqlite = recorded();
    expect(sentences(verifyInProcess(sqlite))).toBe('');
    for (const [position, value] of [
      [0, '0'],
      [0, 'NULL'],
      [1, '1'],
      [1, 'NULL'],
    ]) {
      sqlite.exec('SAVEPOINT before');
      sqlite.exec(`UPDATE plugins SET is_skipped = ${value} WHERE position = ${position}`);
      expect(sentences(verifyInProcess(sqlite)), `${position} ${value}`).toContain(
        `plugins.is_skipped of step ${position} differs from its last state`,
      );
      sqlite.exec('ROLLBACK TO before; RELEASE before');
    }
  });

  it('is not shown by a pack in which outputs are redacted', () => {
    const view = getInvocation(recorded(), KEY);
    if (!view) throw new Error('It was recorded.');
    expect(told(createRowRedaction(['Comment'])(structuredClone(view)))).toEqual([true, false]);
    expect(told(createRowRedaction(['Output'])(structuredClone(view)))).toEqual([null, null]);
  });
});
