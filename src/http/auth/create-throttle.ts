import { sha256 } from '../../lib/sha256.ts';
import { MINUTE_MS, type Now, SECOND_MS } from '../../lib/time.ts';
import { addressBlock } from './address-block.ts';

const FREE_FAILURES = 5;
const FIRST_WAIT_MS = SECOND_MS;
const LONGEST_WAIT_MS = 5 * MINUTE_MS;
/** Longer than the longest wait. Otherwise a guesser would start from zero after each wait. */
const FORGOTTEN_AFTER_MS = 30 * MINUTE_MS;
const MOST_KEPT = 10_000;

/**
 * Slows down clients that try tokens, sessions and access keys. A server has one throttle for all of these; otherwise a
 * guesser would get the same number of tries again with each kind. `secret` is a token or a session, or stands for an
 * access key, whose secret is never sent.
 */
export interface Throttle {
  /** How long that address has to wait before it may try this secret, in milliseconds; 0 if it need not wait. */
  waitMs(address: string, secret: string): number;
  failed(address: string): void;
  /** Records that the secret is right, and that its holder was seen at that address. */
  succeeded(address: string, secret: string): void;
}

/**
 * Counts by address block. After five wrong secrets, each further one costs a wait, which doubles from a second to five
 * minutes; half an hour without a wrong one resets the count. During a wait no secret from that block is looked at,
 * except secrets that were right from there before: they go on working beside a guesser at the same address. Keeps the
 * last 10,000 blocks and the last 10,000 such secrets.
 */
export function createThrottle({ now, mostKept = MOST_KEPT }: { now: Now; mostKept?: number }): Throttle {
  const failures = new Map<string, { count: number; lastMs: number; untilMs: number }>();
  const known = new Map<string, true>();
  const triedKey = (address: string, secret: string) => `${addressBlock(address)} ${sha256(secret).toString('base64')}`;
  return {
    waitMs(address, secret) {
      const until = failures.get(addressBlock(address))?.untilMs ?? 0;
      const wait = Math.max(0, until - now().getTime());
      return wait > 0 && known.has(triedKey(address, secret)) ? 0 : wait;
    },
    failed(address) {
      const block = addressBlock(address);
      const nowMs = now().getTime();
      const before = failures.get(block);
      const count = before && nowMs - before.lastMs < FORGOTTEN_AFTER_MS ? before.count + 1 : 1;
      const wait = count < FREE_FAILURES ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (count - FREE_FAILURES));
      keep(failures, block, { count, lastMs: nowMs, untilMs: nowMs + wait }, mostKept);
    },
    succeeded(address, secret) {
      keep(known, triedKey(address, secret), true, mostKept);
    },
  };
}

/** Sets the entry as the newest, and drops the oldest ones if there are too many. */
function keep<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.size > most ? map.keys() : [];
  if (oldest !== undefined) map.delete(oldest);
}
