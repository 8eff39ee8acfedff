import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../lib/time.ts';

/**
 * Every kind of call that goes out, and how long it may take, in milliseconds. `connectMs` is for the connection, `beginMs` for the
 * reply's headers, `idleMs` for a pause in the middle of its body. `wholeMs` is for all of it: a peer that sends a byte every few
 * seconds keeps within the other three for ever, and without it would hold a pass, and with it the lease, for ever.
 */
export const OUTGOING = {
  /** An attempt at a call of SSM or STS. SSM_ARCHIVE_CALL_DEADLINE_MS sets `wholeMs`: by default a reply of 1 MB may come at 70 kbit/s. */
  aws: { connectMs: 10 * SECOND_MS, beginMs: MINUTE_MS, idleMs: MINUTE_MS, wholeMs: 2 * MINUTE_MS },
  /** All that the SDK asks for credentials: single sign-on, web identity, the metadata of a machine or a container, credential_process. */
  credentials: { wholeMs: 2 * MINUTE_MS },
  /** A checkpoint into a bucket, with all attempts and its credentials: the pass waits for it. */
  bucket: { connectMs: 5 * SECOND_MS, beginMs: 10 * SECOND_MS, wholeMs: 30 * SECOND_MS },
  /** All requests to one witness: the pass waits for them. */
  witness: { wholeMs: 10 * SECOND_MS },
  /**
   * `sql --url` and `report --url`. A download has no end of its own: it may be the whole archive. And the server may be silent for as long
   * as a question may take there, which is a day at most. The caller is at hand, and Ctrl-C ends the question at once.
   */
  server: { connectMs: 15 * SECOND_MS, idleMs: DAY_MS + MINUTE_MS },
  /** The list of a server's reports, which is short. */
  reportList: { wholeMs: 2 * MINUTE_MS },
} as const;

/** How long a call that is under way may still take once the process is told to stop: what a healthy peer needs to end a reply. */
export const STOP_GRACE_MS = 3 * SECOND_MS;
