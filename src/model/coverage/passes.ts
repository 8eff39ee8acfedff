/** Why a pass began: its time came, the server started, or the API asked. `elsewhere`: another process began it. */
export type PassTrigger = 'schedule' | 'start' | 'api' | 'elsewhere';

/** How far one source of a pass is. Counters grow; `partsEnded` of `partsPlanned` is a measure of the time left. */
export interface PassSourceView {
  alias: string;
  accountId: string | null;
  region: string;
  outcome: 'running' | 'complete' | 'failed' | 'interrupted';
  error: string | null;
  pages: number;
  calls: number;
  throttles: number;
  faults: number;
  rowsSeen: number;
  rowsAdded: number;
  rowsChanged: number;
  partsPlanned: number;
  partsEnded: number;
  startedAt: string;
}

/** A pass at a moment; a later moment is another object. Times are ISO text. */
export interface PassView {
  id: string;
  state: 'running' | 'complete' | 'failed' | 'interrupted';
  /** Its row in the table runs; null until it has one. */
  runId: number | null;
  startedAt: string;
  finishedAt: string | null;
  /** A sentence on why the pass as a whole failed; a source's own failure is in its source. */
  error: string | null;
  trigger: PassTrigger;
  sources: PassSourceView[];
}

/** The server is ending, and starts no more passes. */
export class PassesStopped extends Error {
  override name = 'PassesStopped';
}

/** What a surface may know of the collector and ask of it. */
export interface Passes {
  /** Starts a pass, unless one is running, here or in another process on the same archive. Rejects with PassesStopped and ArchiveMoved. */
  start(): Promise<{ pass: PassView } | { running: PassView }>;
  /** A pass of this server's last 50, or any other by `run-` and its number in the table runs. */
  get(id: string): PassView | undefined;
  /** Calls the listener with each later view of a running pass, the last one included, until the result is called. */
  follow(id: string, listener: (view: PassView) => void): () => void;
}
