import type { Pruned } from '../prune.ts';

/** What a selection takes of a sealed day. */
export interface PlannedDay {
  day: string;
  /**
   * `removed`: nothing of the day is left. `rewritten`: the day is sealed again without what goes. `stays`: nothing goes,
   * because something that was selected is held, or because all of it may still change.
   */
  how: 'removed' | 'rewritten' | 'stays';
  /** How many invocations the day has, and how many of them go, or would go. */
  invocations: number;
  goes: number;
  /** How many that were selected stay, and why. */
  held: number;
  unfinished: number;
  young: number;
}

/** What was removed from sealed days. */
export interface Forgotten extends Pruned {
  /** What happened to each day of which something was selected. */
  days: PlannedDay[];
  /** How many objects went from the lake, each version for itself. */
  versions: number;
}
