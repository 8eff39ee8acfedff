import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { IS_SKIP_MESSAGE, wasSkippedSql } from '../../../src/db/sql/skipped-sql.ts';
import { packageRoot } from '../../../src/lib/process/package-root.ts';
import { isSkipMessage, mayBeSkipped, SKIP_MESSAGES, wasSkipped } from '../../../src/model/skipped-steps.ts';

describe('the SQL for skipped steps', () => {
  it('agrees with the program on which texts are messages of the agent, for any text', () => {
    const sqlite = new SQLite(':memory:');
    onTestFinished(() => void sqlite.close());
    const ask = sqlite.prepare<[string], number>(`SELECT ${IS_SKIP_MESSAGE} FROM (SELECT ? AS text) o`).pluck();
    const part = fc.constantFrom(
      ...SKIP_MESSAGES.flatMap(({ start, end = '' }) => [start, end, start.slice(1), end.slice(0, -1)]),
      ...['\n', '\r', '\u0000', 'é', "'", 'x', ''],
    );
    const seen = new Set<boolean>();
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.string()), { maxLength: 4 }), (parts) => {
        const text = parts.join('').toWellFormed();
        seen.add(isSkipMessage(text));
        expect(ask.get(text)).toBe(Number(isSkipMessage(text)));
      }),
      { numRuns: 2000 },
    );
    expect(seen.size).toBe(2);
  });

  it('agrees with the program on which steps were skipped, by their status, response code and output', () => {
    const sqlite = new SQLite(':memory:');
    onTestFinished(() => void sqlite.close());
    const message = 'Step execution skipped due to incompatible platform. Step name: x';
    sqlite.exec('CREATE TABLE outputs (id INTEGER PRIMARY KEY, text TEXT)');
    sqlite.prepare('INSERT INTO outputs (id, text) VALUES (1, ?), (2, ?)').run(message, 'installed 3');
    const columns = { status: ':status', responseCode: ':responseCode', outputId: ':outputId' };
    const ask = sqlite
      .prepare<[object], number | null>(`SELECT ${wasSkippedSql({ ...columns, isOutputPruned: ':isOutputPruned' })}`)
      .pluck();
    for (const status of ['Success', 'Failed', 'success', null])
      for (const responseCode of [0, 1, -1, null]) {
        for (const [outputId, output] of [[1, message] as const, [2, 'installed 3'] as const, [null, null] as const])
          expect(ask.get({ status, responseCode, outputId, isOutputPruned: 0 })).toBe(
            Number(wasSkipped({ status, responseCode, output })),
          );
        const ofPruned = mayBeSkipped({ status, responseCode }) ? null : 0;
        expect(ask.get({ status, responseCode, outputId: null, isOutputPruned: 1 })).toBe(ofPruned);
      }
  });

  it('has the same condition as the migration that marks the skipped steps of older archives', () => {
    const migration = readFileSync(join(packageRoot(), 'migrations/0011_skipped_steps.sql'), 'utf8');
    expect(migration).toContain(IS_SKIP_MESSAGE);
  });
});
