/** The simulator's time: real time with an offset and a rate, which can be set and advanced by hand. */
export interface SimulatorClock {
  now(): Date;
  set(date: Date): void;
  advance(ms: number): void;
}

/**
 * A clock that shows `start` now and then runs at `rate` times real time; at rate 0 it stops until it is set or
 * advanced.
 */
export function createClock(start: Date, rate: number, realNow: () => number): SimulatorClock {
  let shown = start.getTime();
  let since = realNow();
  const now = () => shown + (realNow() - since) * rate;
  return {
    now: () => new Date(now()),
    set: (date) => {
      shown = date.getTime();
      since = realNow();
    },
    advance: (ms) => {
      shown = now() + ms;
      since = realNow();
    },
  };
}
