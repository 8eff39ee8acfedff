import { createUsage } from './create-usage.ts';
import type { Task } from './read-task.ts';

export interface LongReadRules {
  /** What is not answered within this takes long. */
  afterMs: number;
  /** So many of one caller may have a place among those that take long. */
  perCaller: number;
  /** So many are tried at a time. */
  triesAtOnce: number;
}

/** Which reads take long, and who has asked for how much. */
export interface LongReads {
  perCaller: number;
  triesAtOnce: number;
  /** Whether it was asked so lately that it may have waited for one try at most. */
  isRecent(askedAt: number): boolean;
  /** Calls `onLong` once the task has been on a reader for too long; not where it has left that before. */
  watch(task: Task, onLong: () => void): void;
  /** The task is on its reader no more. */
  left(task: Task): void;
  /** Whether the same question took long a short while ago. */
  isExpected(task: Task): boolean;
  /** Whether little was done for the caller of late. */
  isLight(caller: string): boolean;
}

const LIGHT_MS = 1000;
/** A try, and a moment: whoever has waited for one is still recent, and who has waited for two is not. */
const RECENT_TRIES = 1.2;
const REMEMBERED_MS = 60_000;
const MOST_REMEMBERED = 1000;

/**
 * Every read is tried for a short while on a process that none may hold for longer. So a trivial query is answered at
 * once whatever others ask, and nobody has to guess from its text what a query costs.
 */
export function createLongReads({ afterMs, perCaller, triesAtOnce }: LongReadRules): LongReads {
  const now = () => performance.now();
  const usage = createUsage(now);
  /** When each question was last seen to take long, the latest at the end. */
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
