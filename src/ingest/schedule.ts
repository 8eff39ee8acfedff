import cron from 'node-cron';
import type { Logger } from '../lib/logger.ts';
import { HOUR_MS } from '../lib/time.ts';

/** Returns what is wrong with a cron expression, or undefined if nothing is. */
export function faultOfSchedule(expression: string): string | undefined {
  if (cron.validate(expression)) return undefined;
  return `"${expression}" is not a cron expression of five or six fields, such as "*/5 * * * *"`;
}

export interface Schedule {
  /** Takes a turn now, unless a turn is under way. */
  begin(): void;
  /** When the next turn is due. */
  next(): Date | undefined;
  /** Takes no more turns, and waits for the turn that is under way. */
  stop(): Promise<void>;
}

/**
 * Calls `turn` at the times of the expression (in UTC). A turn is skipped if the one before is still under way at its
 * time. If the process is held up at that time, the turn is taken as soon as possible, at most an hour late. `turn`
 * must handle its own errors.
 */
export function schedule(
  { expression, name, log }: { expression: string; name: string; log: Logger },
  turn: (trigger: 'start' | 'schedule') => Promise<void>,
): Schedule {
  let current: Promise<void> | undefined;
  const once = (trigger: 'start' | 'schedule') => {
    current ??= turn(trigger).finally(() => {
      current = undefined;
    });
    return current;
  };
  const say = (level: 'info' | 'warn' | 'error' | 'debug') => (message: string | Error) =>
    log[level]({ schedule: name }, String(message));
  const task = cron.schedule(expression, () => once('schedule'), {
    ...{ noOverlap: true, timezone: 'UTC', name, missedExecutionTolerance: HOUR_MS },
    logger: { info: say('info'), warn: say('warn'), error: say('error'), debug: say('debug') },
  });
  return {
    begin() {
      void once('start');
    },
    next: () => task.getNextRun() ?? undefined,
    async stop() {
      await task.destroy();
      await current;
    },
  };
}
