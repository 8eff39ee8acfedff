import { z } from 'zod';
import { openArchive } from '../../src/db/open.ts';
import { createBareInsert } from '../recording/bare-insert.ts';
import { readReplies } from '../recording/reply-file.ts';
import { timeReplies } from '../recording/time-replies.ts';
import { answerParent, readInput } from '../support/answer-parent.ts';

// The rival: inserts the same rows, made beforehand, into the same tables with the same settings, by bare prepared
// statements.
const { path, from, repliesATransaction } = readInput(
  z.object({ path: z.string(), from: z.string(), repliesATransaction: z.number() }),
);
const db = openArchive(path);
const { prepareRows, insertRows } = createBareInsert(db.sqlite);

answerParent(timeReplies(rowsOf(readReplies(from, repliesATransaction)), insertRows), db.close);

function* rowsOf(groups: ReturnType<typeof readReplies>) {
  for (const { replies, items } of groups) {
    const rows = replies.map(prepareRows);
    yield {
      invocations: rows.flatMap(({ invocations }) => invocations),
      plugins: rows.flatMap(({ plugins }) => plugins),
      outputs: rows.flatMap(({ outputs }) => outputs),
      items,
    };
  }
}
