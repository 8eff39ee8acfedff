import { createUsage } from './create-usage.ts';
import type { Task } from './read-task.ts';

export interface LongReadRules {
  /** A read without an answer after this time counts as long. */
  afterMs: number;
  /** How many long reads of one caller may run at a time. */
  perCaller: number;
  /** How many reads may be tried at a time. */
  triesAtOnce: number;
}

/** Knows which reads take long, and how much each caller has asked for. */
export interface LongReads {
  perCaller: number;
  triesAtOnce: number;
  /** Whether the read was asked for so recently that it has waited for one other try at most. */
  isRecent(askedAt: number): boolean;
  /** Calls `onLong` once the task has been on a reader for too long, unless it has left the reader before. */
  watch(task: Task, onLong: () => void): void;
  /** Called when the task has left its reader. */
  left(task: Task): void;
  /** Whether the same question took long a short while ago. */
  isExpected(task: Task): boolean;
  /** Whether processes have worked little for this caller lately. */
  isLight(caller: string): boolean;
}

const LIGHT_MS = 1000;
/** The time of one try and a moment: a read that has waited for one try is still recent; after two tries it is not. */
const RECENT_TRIES = 1.2;
const REMEMBERED_MS = 60_000;
const MOST_REMEMBERED = 1000;

/**
 * Tries every read for a short while on a process that no read may hold for longer. So a trivial query is answered at
 * once, whatever other callers ask, and a query's cost need not be guessed from its text.
 */
export function createLongReads({ afterMs, perCaller, triesAtOnce }: LongReadRules): LongReads {
  const now = () => performance.now();
  const usage = createUsage(now);
  /** When each question was last seen to take long, the latest last. */
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
