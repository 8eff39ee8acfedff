import type { Tally } from './counters.ts';
import type { OutcomeSoFar } from './outcomes.ts';

/** Why a pass began: it was scheduled, the server started, or the API asked. `elsewhere`: another process began it. */
export type PassTrigger = 'schedule' | 'start' | 'api' | 'elsewhere';

/**
 * The progress of one source in a pass. Counters only grow; `partsEnded` of `partsPlanned` shows how much time is left.
 */
export interface PassSourceView extends Tally {
  alias: string;
  accountId: string | null;
  region: string;
  outcome: OutcomeSoFar;
  error: string | null;
  partsPlanned: number;
  partsEnded: number;
  startedAt: string;
}

/** A snapshot of a pass. It never changes: a later state of the pass is a new object. Times are ISO text. */
export interface PassView {
  id: string;
  state: OutcomeSoFar;
  /** The id of the pass in the table runs; null until it has a row there. */
  runId: number | null;
  startedAt: string;
  finishedAt: string | null;
  /** A sentence that says why the pass as a whole failed. The failure of a single source is in that source. */
  error: string | null;
  trigger: PassTrigger;
  sources: PassSourceView[];
}

/** The error if a pass is requested while the server is shutting down. */
export class PassesStopped extends Error {
  override name = 'PassesStopped';
}

/** The part of the collector that the server's pages and API use. */
export interface Passes {
  /**
   * Starts a pass, unless one is running in this or another process on the same archive. Rejects with PassesStopped and
   * ArchiveMoved.
   */
  start(): Promise<{ pass: PassView } | { running: PassView }>;
  /**
   * Returns a pass by its id: one of this server's last 50 passes, or any pass by `run-` and its number in the table
   * runs.
   */
  get(id: string): PassView | undefined;
  /**
   * Calls the listener with each later snapshot of a running pass, including the last. Call the returned function to
   * stop that.
   */
  follow(id: string, listener: (view: PassView) => void): () => void;
}
