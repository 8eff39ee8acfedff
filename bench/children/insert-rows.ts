import { z } from 'zod';
import { openArchive } from '../../src/db/open.ts';
import { answerParent, readInput } from '../support/answer-parent.ts';
import { createBareInsert } from '../support/bare-insert.ts';
import { generatePages } from '../support/generate-pages.ts';
import { timePages } from '../support/time-pages.ts';

// The rival: the same rows, known beforehand, by bare prepared statements into the same tables on the same settings.
const { path, invocations } = readInput(z.object({ path: z.string(), invocations: z.number() }));
const db = openArchive(path);
const { prepareRows, insertRows } = createBareInsert(db.sqlite);

answerParent(timePages(rowsOf(generatePages(invocations)), insertRows), db.close);

function* rowsOf(pages: ReturnType<typeof generatePages>) {
  for (const page of pages) {
    const rows = prepareRows(page);
    yield { ...rows, items: page.items };
  }
}
