import type { ArchiveDb } from '../db/open.ts';
import type { Now } from '../lib/time.ts';
import type { Source } from '../upstream/connect-source.ts';
import { type PassTimes, passTimes } from './plan/plan-pass.ts';
import type { SourceProgress } from './progress/source-progress.ts';
import type { RecordReply } from './record/create-reply-recorder.ts';

/** The state that all steps of a pass over one source share. */
export interface SourcePass {
  db: ArchiveDb;
  now: Now;
  /** When this signal aborts, the pass ends after the calls that are under way. */
  signal: AbortSignal;
  runId: number;
  source: Source;
  slicesAtOnce: number;
  settlingMs: number;
  overlapMs: number;
  /** Whether another archive is asked instead of AWS. If so, only what it states may count as covered. */
  isOfArchive: boolean;
  record: RecordReply;
  /** Keeps the source's totals, and is told about each step. */
  progress: SourceProgress;
}

/** Returns both clocks now, or at another moment of this machine's clock. */
export function timesOf(pass: SourcePass, localMs = pass.now().getTime()): PassTimes {
  return passTimes(localMs, pass.source.clockSkewMs(), pass);
}
