import SQLite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { createRepliesRecorder } from '../../../src/archive/record/record-replies.ts';
import { readEntriesWhole } from '../../../src/processes/pool/read-here-or-sealed.ts';
import { page, rawInvocation } from '../../archive/raw-invocation.ts';
import { sealedArchive } from '../../lake/sealed-archive.ts';
import { onTestEnd } from '../../on-test-end.ts';

it('the server makes the entries of a page once, also if days are sealed, and asks a reader only for what the file lacks', async () => {
  const archive = await sealedArchive({ sealed: 1, invocations: 40 });
  const from = Number(archive.sqlite.prepare('SELECT max(seq) FROM ledger_entries').pluck().get());
  createRepliesRecorder(archive.sqlite)([page([rawInvocation()])]);
  const statements: string[] = [];
  const counting = new SQLite(archive.sqlite.name, { readonly: true, verbose: (sql) => statements.push(String(sql)) });
  onTestEnd(() => void counting.close());
  let asked = 0;
  const readers = {
    read: async (): Promise<never> => {
      asked += 1;
      throw new Error('asked a reader');
    },
  };
  const ask = (range: { from: number; to: number }) =>
    readEntriesWhole({ archive: counting, readers }, range, { caller: 'somebody', deadlineMs: 1000 });
  const own = await ask({ from, to: from + 1 });
  expect(own).toHaveLength(1);
  expect(statements.filter((sql) => sql.includes('FROM revisions r JOIN invocations'))).toHaveLength(1);
  expect(asked).toBe(0);
  const lastSealed = Number(archive.sqlite.prepare('SELECT last_seq FROM sealed_days').pluck().get());
  await expect(ask({ from: lastSealed - 1, to: lastSealed })).rejects.toThrow('asked a reader');
  expect(asked).toBe(1);
});
