import { z } from 'zod';
import { openArchive } from '../../src/db/open.ts';
import { answerParent, readInput } from '../support/answer-parent.ts';
import { createBareInsert } from '../support/bare-insert.ts';
import { readPages } from '../support/page-file.ts';
import { timePages } from '../support/time-pages.ts';

// The rival: inserts the same rows, prepared beforehand, with bare prepared statements into the same tables under the
// same settings.
const { path, from, pagesATransaction } = readInput(
  z.object({ path: z.string(), from: z.string(), pagesATransaction: z.number() }),
);
const db = openArchive(path);
const { prepareRows, insertRows } = createBareInsert(db.sqlite);

answerParent(timePages(rowsOf(readPages(from, pagesATransaction)), insertRows), db.close);

function* rowsOf(groups: ReturnType<typeof readPages>) {
  for (const { pages, items } of groups) {
    const rows = pages.map(prepareRows);
    yield {
      invocations: rows.flatMap(({ invocations }) => invocations),
      plugins: rows.flatMap(({ plugins }) => plugins),
      outputs: rows.flatMap(({ outputs }) => outputs),
      items,
    };
  }
}
