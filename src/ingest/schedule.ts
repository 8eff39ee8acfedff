import cron from 'node-cron';

/** Says what is wrong with a cron expression, or undefined where nothing is. */
export function faultOfSchedule(expression: string): string | undefined {
  if (cron.validate(expression)) return undefined;
  return `"${expression}" is not a cron expression of five or six fields, such as "*/5 * * * *"`;
}

export interface Schedule {
  /** Takes no more turns, and waits for the one under way. */
  stop(): Promise<void>;
}

/**
 * Calls `turn` now and then whenever the expression (in UTC) says, never two at a time: a turn that falls due while one
 * is under way is passed over. `turn` handles its own errors.
 */
export function schedulePasses(expression: string, turn: (trigger: 'start' | 'schedule') => Promise<void>): Schedule {
  let current: Promise<void> | undefined;
  const once = (trigger: 'start' | 'schedule') => {
    current ??= turn(trigger).finally(() => {
      current = undefined;
    });
    return current;
  };
  const options = { noOverlap: true, timezone: 'UTC', name: 'collect' };
  const task = cron.schedule(expression, () => once('schedule'), options);
  void once('start');
  return {
    async stop() {
      await task.destroy();
      await current;
    },
  };
}
