/** How long reads have kept processes busy, by caller. The longer ago, the less it counts. */
export interface Usage {
  charge(caller: string, ms: number): void;
  /** The time of a caller in milliseconds; half of it is forgotten every ten seconds. */
  of(caller: string): number;
}

const HALF_LIFE_MS = 10_000;
/** With more callers than this, the callers whose time has decayed to nothing are dropped. */
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
