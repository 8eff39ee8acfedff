import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settleArchiveNumber } from '../../src/archive/number/settle-archive-number.ts';
import { createSingleReplyRecorder } from '../../src/archive/record/record-replies.ts';
import { type ArchiveDb, openArchive } from '../../src/db/open.ts';
import { observeInvocation } from '../../src/upstream/replies/observe-invocation.ts';
import { createListingModel, type ListingModel, type Reply, rawOf } from './listing-model.ts';

/** An archive, and a model that has seen the same replies. */
export interface ModelledArchive extends Pick<ArchiveDb, 'sqlite'> {
  model: ListingModel;
  /** Records a reply in the archive and the model, and makes its outputs searchable. */
  record(reply: Reply): void;
  /** Closes and removes the archive. */
  close(): void;
}

/** Makes an archive of these replies, in a file of its own, with a number among those that share a lake. */
export function openModelledArchive(replies: readonly Reply[], number = 0): ModelledArchive {
  const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-test-'));
  const db = openArchive(join(folder, 'archive.db'));
  const { sqlite } = db;
  // No test here is about crashes, and waiting for the disk would take most of the time for small pages.
  sqlite.pragma('synchronous = OFF');
  settleArchiveNumber(sqlite, number, '2026-01-01T00:00:00.000Z');
  const model = createListingModel();
  const recordReply = createSingleReplyRecorder(sqlite);
  const index = sqlite.prepare(
    'INSERT INTO outputs_fts (rowid, text) SELECT id, text FROM outputs WHERE id NOT IN (SELECT id FROM outputs_fts_docsize)',
  );
  const record = (reply: Reply) => {
    const { source, observedAt, shown } = reply;
    recordReply({ source, observedAt, observed: shown.map((one) => observeInvocation(rawOf(one))) });
    index.run();
    model.record(reply);
  };
  for (const reply of replies) record(reply);
  const close = () => {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { sqlite, model, record, close };
}

/** Calls `ask` with an archive of these replies. The archive is removed when `ask` returns. */
export function withModelledArchive(replies: readonly Reply[], ask: (archive: ModelledArchive) => void): void {
  const archive = openModelledArchive(replies);
  try {
    ask(archive);
  } finally {
    archive.close();
  }
}
