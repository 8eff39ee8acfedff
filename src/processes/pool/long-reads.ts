import { createUsage } from './create-usage.ts';
import type { Task } from './read-task.ts';

export interface LongReadRules {
  /** A read that has no answer after this time counts as long. */
  afterMs: number;
  /** How many long reads of one caller may run at a time. */
  perCaller: number;
  /** How many reads may be on trial, not yet counted as long, at a time. */
  triesAtOnce: number;
}

/** Knows which reads take long, and how much each caller has asked for. */
export interface LongReads {
  perCaller: number;
  triesAtOnce: number;
  /** Whether the read was asked for so recently that it can have waited for at most one other try. */
  isRecent(askedAt: number): boolean;
  /**
   * Calls `onLong` once the task has been on its reader for too long. Not called if the task has left the reader
   * before.
   */
  watch(task: Task, onLong: () => void): void;
  /** To be called when the task has left its reader. */
  left(task: Task): void;
  /** Whether the task is expected to take long, because the same question did so a short while ago. */
  isExpected(task: Task): boolean;
  /** Whether this caller's reads have taken little time lately. */
  isLight(caller: string): boolean;
}

const LIGHT_MS = 1000;
/**
 * A little more than the time of one try: a read that has waited for one try is still recent, but not after two tries.
 */
const RECENT_TRIES = 1.2;
const REMEMBERED_MS = 60_000;
const MOST_REMEMBERED = 1000;

/**
 * Every read is first tried for a short while, on a process that is never given to long reads. So a trivial query is
 * answered at once, whatever other callers ask, and nobody has to guess a query's cost from its text.
 */
export function createLongReads({ afterMs, perCaller, triesAtOnce }: LongReadRules): LongReads {
  const now = () => performance.now();
  const usage = createUsage(now);
  /** When each question last took long; the most recent comes last. */
  const slow = new Map<string, number>();
  const timers = new WeakMap<Task, NodeJS.Timeout>();

  function remember(key: string): void {
    slow.delete(key);
    slow.set(key, now());
    const [oldest] = slow.keys();
    if (slow.size > MOST_REMEMBERED && oldest !== undefined) slow.delete(oldest);
  }

  return {
    ...{ perCaller, triesAtOnce },
    isRecent: (askedAt) => now() - askedAt < afterMs * RECENT_TRIES,
    watch(task, onLong) {
      const timer = setTimeout(() => {
        if (task.key !== undefined) remember(task.key);
        onLong();
      }, afterMs);
      timers.set(task, timer);
    },
    left(task) {
      clearTimeout(timers.get(task));
      usage.charge(task.caller, now() - task.startedAt);
    },
    isExpected({ key }) {
      const at = key === undefined ? undefined : slow.get(key);
      return at !== undefined && now() - at < REMEMBERED_MS;
    },
    isLight: (caller) => usage.of(caller) < LIGHT_MS,
  };
}
