/** How much process time the reads of each caller have taken. Older reads count less. */
export interface Usage {
  charge(caller: string, ms: number): void;
  /** The caller's time in milliseconds. Every ten seconds, the time counted so far is halved. */
  of(caller: string): number;
}

const HALF_LIFE_MS = 10_000;
/** With more callers than this, callers whose time is nearly 0 are dropped. */
const MANY_CALLERS = 1000;
const NOTHING_MS = 1;

export function createUsage(now: () => number): Usage {
  const known = new Map<string, { ms: number; at: number }>();
  const of = (caller: string): number => {
    const last = known.get(caller);
    return last ? last.ms * 0.5 ** ((now() - last.at) / HALF_LIFE_MS) : 0;
  };
  return {
    of,
    charge(caller, ms) {
      known.set(caller, { ms: of(caller) + ms, at: now() });
      if (known.size <= MANY_CALLERS) return;
      for (const other of known.keys()) if (of(other) < NOTHING_MS) known.delete(other);
    },
  };
}
