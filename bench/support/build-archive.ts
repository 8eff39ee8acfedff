import { indexOutputs } from '../../src/archive/record/index-outputs.ts';
import { createRepliesRecorder, type ReplyToRecord } from '../../src/archive/record/record-replies.ts';
import { openArchive } from '../../src/db/open.ts';
import { DAY_MS, isoFromMs } from '../../src/lib/time.ts';
import { observeInvocation } from '../../src/upstream/replies/observe-invocation.ts';
import { generateReplies, OBSERVED_AT } from '../recording/generate-replies.ts';

const MONTHS = 3;
/** The time from one reply to the next: each reply has a different time, as in a pass. */
const REPLY_MS = 20;
const REPLIES_A_TRANSACTION = 20;

/**
 * Makes an archive of a quarter of a year from the simulator's history: a third of the invocations in each thirty days,
 * and all outputs searchable. This is faster than collecting, because it waits for no disk; the file is the same.
 */
export async function buildArchive(
  path: string,
  invocations: number,
  say: (line: string) => void = () => {},
): Promise<void> {
  const db = openArchive(path);
  db.sqlite.pragma('synchronous = OFF');
  const record = createRepliesRecorder(db.sqlite);
  let done = 0;
  for (let month = MONTHS - 1; month >= 0; month--) {
    const observedAt = isoFromMs(Date.parse(OBSERVED_AT) - month * 30 * DAY_MS);
    let repliedMs = Date.parse(observedAt);
    const replies: ReplyToRecord[] = [];
    for (const { source, items } of generateReplies(Math.ceil(invocations / MONTHS), observedAt)) {
      replies.push({ source, observed: items.map(observeInvocation), observedAt: isoFromMs(repliedMs) });
      if (replies.length === REPLIES_A_TRANSACTION) record(replies.splice(0));
      repliedMs += REPLY_MS;
      done += items.length;
      if (done % 500_000 < items.length) say(`${done} of ${invocations} invocations`);
    }
    record(replies);
  }
  await indexOutputs(db.sqlite);
  db.close();
}
