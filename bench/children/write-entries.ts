import { closeSync, openSync, writeSync } from 'node:fs';
import { z } from 'zod';
import { openArchive } from '../../src/archive/file/open-archive.ts';
import { createBatchReader } from '../../src/ledger/entries/create-batch-reader.ts';
import { revisionEntry } from '../../src/ledger/entries/entries.ts';
import { REVISION_COLUMNS, type RevisionRow } from '../../src/ledger/entries/revision-row.ts';
import { answerParent, readInput } from '../support/answer-parent.ts';

// Writes all entries of an archive's ledger into one file, each entry preceded by its length. A rival that only hashes
// entries reads this file.
const { path, entries } = readInput(z.object({ path: z.string(), entries: z.string() }));

answerParent(() => {
  const db = openArchive(path);
  const file = openSync(entries, 'w');
  const length = Buffer.alloc(4);
  const found = { entries: 0, bytes: 0 };
  const add = (entry: string) => {
    const bytes = Buffer.from(entry);
    length.writeUInt32BE(bytes.length);
    writeSync(file, Buffer.concat([length, bytes]));
    found.entries += 1;
    found.bytes += bytes.length;
  };
  const readBatch = createBatchReader(db.sqlite);
  const revisions = db.sqlite.prepare<[], RevisionRow>(
    `SELECT ${REVISION_COLUMNS} FROM revisions r JOIN invocations i ON i.id = r.invocation_id ORDER BY r.seq`,
  );
  for (const row of revisions.iterate()) {
    const batch = readBatch(row.batchId);
    add(revisionEntry(row, batch, batch.states[row.line] ?? ''));
  }
  for (const entry of db.sqlite.prepare<[], string>('SELECT entry_json FROM ledger_entries').pluck().iterate())
    add(entry);
  closeSync(file);
  db.close();
  return found;
});
