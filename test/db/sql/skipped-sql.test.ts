import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { IS_SKIP_MESSAGE } from '../../../src/db/sql/skipped-sql.ts';
import { packageRoot } from '../../../src/lib/process/package-root.ts';
import { isSkipMessage, SKIP_MESSAGES } from '../../../src/model/skipped-steps.ts';

describe('the SQL for the agent’s messages about skipped steps', () => {
  it('agrees with the list of messages in the program, for any text', () => {
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

  it('is the SQL by which a migration marks the skipped steps of older archives', () => {
    const migration = readFileSync(join(packageRoot(), 'migrations/0011_skipped_steps.sql'), 'utf8');
    expect(migration).toContain(IS_SKIP_MESSAGE);
  });
});
