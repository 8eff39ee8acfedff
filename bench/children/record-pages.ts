import { z } from 'zod';
import { createRepliesRecorder } from '../../src/archive/record/record-replies.ts';
import { openArchive } from '../../src/db/open.ts';
import { observeInvocation } from '../../src/upstream/replies/observe-invocation.ts';
import { answerParent, readInput } from '../support/answer-parent.ts';
import { OBSERVED_AT } from '../support/generate-pages.ts';
import { readPages } from '../support/page-file.ts';
import { timePages } from '../support/time-pages.ts';

// Does what the collector does with pages, here from memory: observes each raw item, and records the pages in one
// transaction.
const { path, from, pagesATransaction } = readInput(
  z.object({ path: z.string(), from: z.string(), pagesATransaction: z.number() }),
);
const db = openArchive(path);
const recordReplies = createRepliesRecorder(db.sqlite);

answerParent(
  timePages(readPages(from, pagesATransaction), ({ pages, items }) => {
    const tallies = recordReplies(
      pages.map(({ source, items }) => ({ source, observed: items.map(observeInvocation), observedAt: OBSERVED_AT })),
    );
    const added = tallies.reduce((sum, tally) => sum + tally.added, 0);
    if (added !== items.length) throw new Error('A page held what was already there.');
  }),
  db.close,
);
