import { statSync } from 'node:fs';
import { z } from 'zod';
import { createSingleReplyRecorder } from '../../src/archive/record/record-replies.ts';
import { openArchive } from '../../src/db/open.ts';
import { observeInvocation } from '../../src/upstream/replies/observe-invocation.ts';
import { generateReplies, OBSERVED_AT, type RawReply } from '../recording/generate-replies.ts';
import { timeReplies } from '../recording/time-replies.ts';
import { answerParent, readInput } from '../support/answer-parent.ts';

// Records the same replies twice, into a file that only this process uses. Before the second time the -wal is emptied
// into the file, so that a single written byte would be seen.
const { path, invocations } = readInput(z.object({ path: z.string(), invocations: z.number() }));
const db = openArchive(path);
const recordReply = createSingleReplyRecorder(db.sqlite);
const passOver = () => timeReplies(generateReplies(invocations), record)(Number.MAX_SAFE_INTEGER);
const changes = () => Number(db.sqlite.prepare('SELECT total_changes()').pluck().get());

answerParent(() => {
  const first = passOver();
  db.sqlite.pragma('wal_checkpoint(TRUNCATE)');
  const before = changes();
  const second = passOver();
  return { first, second, rowsWritten: changes() - before, walBytes: statSync(`${path}-wal`).size };
}, db.close);

function record({ source, items }: RawReply): void {
  recordReply({ source, observed: items.map(observeInvocation), observedAt: OBSERVED_AT });
}
