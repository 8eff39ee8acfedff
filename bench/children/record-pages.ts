import { z } from 'zod';
import { createPageRecorder } from '../../src/archive/record-page.ts';
import { openArchive } from '../../src/db/open.ts';
import { observeInvocation } from '../../src/upstream/observe-invocation.ts';
import { answerParent, readInput } from '../support/answer-parent.ts';
import { generatePages, OBSERVED_AT } from '../support/generate-pages.ts';
import { timePages } from '../support/time-pages.ts';

// What the collector does with a page from memory: observes each raw item, and records them in one transaction.
const { path, invocations } = readInput(z.object({ path: z.string(), invocations: z.number() }));
const db = openArchive(path);
const recordPage = createPageRecorder(db.sqlite);

answerParent(
  timePages(generatePages(invocations), ({ source, items }) => {
    const { added } = recordPage({ source, observed: items.map(observeInvocation), observedAt: OBSERVED_AT });
    if (added !== items.length) throw new Error('A page held what was there already.');
  }),
  db.close,
);
