import { sha256 } from '../../lib/sha256.ts';
import { MINUTE_MS, type Now, SECOND_MS } from '../../lib/time.ts';
import { addressBlock } from './address-block.ts';

const FREE_FAILURES = 5;
const FIRST_WAIT_MS = SECOND_MS;
const LONGEST_WAIT_MS = 5 * MINUTE_MS;
/** This time is longer than the longest wait. Otherwise the count of a guesser would be zero again after each wait. */
const FORGOTTEN_AFTER_MS = 30 * MINUTE_MS;
const MOST_KEPT = 10_000;

/**
 * Slows down clients that try tokens, sessions and access keys. A server has one throttle for all three; otherwise a
 * guesser would get a new set of tries with each kind. `secret` is a token or a session; for an access key, whose
 * secret is never sent, it is the name of the key.
 */
export interface Throttle {
  /** How many milliseconds that address has to wait before it may try this secret; 0 if there is no wait. */
  waitMs(address: string, secret: string): number;
  failed(address: string): void;
  /** Records that this address has sent this secret, and that the secret is correct. */
  succeeded(address: string, secret: string): void;
}

/**
 * Counts wrong secrets per address block. From the fifth one on, each causes a wait, which doubles from a second to
 * five minutes; half an hour without a wrong secret resets the count. During a wait, secrets from that block are not
 * checked, except those that were correct from the same block before: so a guesser does not slow down honest callers at
 * the same address. Keeps the last 10,000 blocks and the last 10,000 correct secrets.
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

/** Adds the entry as the newest one, and drops the oldest one if there are too many. */
function keep<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.size > most ? map.keys() : [];
  if (oldest !== undefined) map.delete(oldest);
}
