import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../lib/time.ts';

/**
 * The limits of every kind of outgoing call, in milliseconds. `connectMs` limits the connection, `beginMs` the wait for
 * the reply's headers, `idleMs` a pause in the middle of its body, `wholeMs` the whole call.
 *
 * Without `wholeMs`, a peer that sends a byte every few seconds would hold a pass and its lease for ever, because it
 * stays within the other three limits.
 */
export const OUTGOING = {
  /**
   * One attempt at a call of SSM or STS. SSM_ARCHIVE_CALL_DEADLINE_MS sets `wholeMs`; with the default, a reply of 1 MB
   * may come at 70 kbit/s.
   */
  aws: { connectMs: 10 * SECOND_MS, beginMs: MINUTE_MS, idleMs: MINUTE_MS, wholeMs: 2 * MINUTE_MS },
  /**
   * Every request that the SDK makes to get credentials: single sign-on, web identity, the metadata of a machine or a
   * container, credential_process.
   */
  credentials: { wholeMs: 2 * MINUTE_MS },
  /** Putting a checkpoint into a bucket, with all attempts and the credentials for it: the pass waits for it. */
  bucket: { connectMs: 5 * SECOND_MS, beginMs: 10 * SECOND_MS, wholeMs: 30 * SECOND_MS },
  /** Fetching one stream of a step, or a page of its log stream, with all attempts. */
  output: { wholeMs: MINUTE_MS },
  /**
   * One request about an object of the lake: a part of 16 MiB may go at half a megabit a second. S3 answers a part only
   * when it has all of it.
   */
  lake: { connectMs: 10 * SECOND_MS, beginMs: 5 * MINUTE_MS, wholeMs: 5 * MINUTE_MS },
  /** All requests to one witness: the pass waits for them. */
  witness: { wholeMs: 10 * SECOND_MS },
  /**
   * `sql --url` and `report --url`. A download has no limit: it may be the whole archive. The server may be silent for
   * as long as it lets a question take, at most a day. A person waits at the terminal, and Ctrl-C ends the question at
   * once.
   */
  server: { connectMs: 15 * SECOND_MS, idleMs: DAY_MS + MINUTE_MS },
  /** The list of a server's reports, which is short. */
  reportList: { wholeMs: 2 * MINUTE_MS },
} as const;

/**
 * How long a call under way may still take once the process is told to stop: a healthy peer needs that to finish a
 * reply.
 */
export const STOP_GRACE_MS = 3 * SECOND_MS;
