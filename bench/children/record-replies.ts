import { z } from 'zod';
import { createRepliesRecorder } from '../../src/archive/record/record-replies.ts';
import { openArchive } from '../../src/db/open.ts';
import { observeInvocation } from '../../src/upstream/replies/observe-invocation.ts';
import { OBSERVED_AT } from '../recording/generate-replies.ts';
import { readReplies } from '../recording/reply-file.ts';
import { timeReplies } from '../recording/time-replies.ts';
import { answerParent, readInput } from '../support/answer-parent.ts';

// Does what the collector does, with replies from memory: observes each raw item, and records the replies in one
// transaction.
const { path, from, repliesATransaction } = readInput(
  z.object({ path: z.string(), from: z.string(), repliesATransaction: z.number() }),
);
const db = openArchive(path);
const recordReplies = createRepliesRecorder(db.sqlite);

answerParent(
  timeReplies(readReplies(from, repliesATransaction), ({ replies, items }) => {
    const tallies = recordReplies(
      replies.map(({ source, items }) => ({ source, observed: items.map(observeInvocation), observedAt: OBSERVED_AT })),
    );
    const added = tallies.reduce((sum, tally) => sum + tally.added, 0);
    if (added !== items.length) throw new Error('A reply contained invocations that the archive already had.');
  }),
  db.close,
);
