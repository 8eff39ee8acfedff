import type { ReplyTally, ReplyToRecord } from '../../archive/record/record-replies.ts';

/** How long a reply may wait for others: less than a reply takes to come from the service. */
const WAIT_MS = 10;
/** This many replies take a transaction of about 0.1 s, which is the longest that another writer waits. */
const MOST_REPLIES = 20;

interface Waiting {
  reply: ReplyToRecord;
  resolve(tally: ReplyTally): void;
  reject(error: unknown): void;
}

/**
 * Records replies that come at about the same time in one transaction, because each transaction waits for the disk. The
 * promise resolves once its reply is on the disk. An error rejects every reply of the transaction: none of them was
 * written.
 */
export function createReplyWriter(
  recordReplies: (replies: readonly ReplyToRecord[]) => ReplyTally[],
): (reply: ReplyToRecord) => Promise<ReplyTally> {
  let waiting: Waiting[] = [];
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    const replies = waiting;
    waiting = [];
    try {
      const tallies = recordReplies(replies.map(({ reply }) => reply));
      for (const [n, { reply, resolve }] of replies.entries())
        resolve(tallies[n] ?? { seen: reply.observed.length, added: 0, changed: 0, changedFinal: 0 });
    } catch (error) {
      for (const { reject } of replies) reject(error);
    }
  }

  return (reply) =>
    new Promise((resolve, reject) => {
      waiting.push({ reply, resolve, reject });
      if (waiting.length >= MOST_REPLIES) flush();
      else timer ??= setTimeout(flush, WAIT_MS);
    });
}
