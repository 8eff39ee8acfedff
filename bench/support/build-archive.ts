import { z } from 'zod';
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
 * and all outputs searchable. This is faster than collecting, because it waits for no disk; the file is the same. With
 * `days` it is an archive of one month whose requests are moved together into so many days.
 */
export async function buildArchive(
  path: string,
  invocations: number,
  say: (line: string) => void = () => {},
  days?: number,
): Promise<void> {
  const db = openArchive(path);
  db.sqlite.pragma('synchronous = OFF');
  const record = createRepliesRecorder(db.sqlite);
  let done = 0;
  const months = days === undefined ? MONTHS : 1;
  for (let month = months - 1; month >= 0; month--) {
    const observedAt = isoFromMs(Date.parse(OBSERVED_AT) - month * 30 * DAY_MS);
    let repliedMs = Date.parse(observedAt);
    const replies: ReplyToRecord[] = [];
    for (const { source, items } of generateReplies(Math.ceil(invocations / months), observedAt)) {
      replies.push({
        source,
        observed: items.map((item) => observeInvocation(days === undefined ? item : closer(item, days))),
        observedAt: isoFromMs(repliedMs),
      });
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

const LAST_SECOND = Date.parse(OBSERVED_AT) / 1000;
const Requested = z.looseObject({ RequestedDateTime: z.number() });

/** Moves the request of an invocation of the last thirty days so that all of them are in the last `days`. */
function closer(item: unknown, days: number): unknown {
  const { RequestedDateTime: at, ...members } = Requested.parse(item);
  return { ...members, RequestedDateTime: LAST_SECOND - Math.round((LAST_SECOND - at) * (days / 30)) };
}
