import type { DayValue } from '../../archive/sealed/record-sealed-values.ts';
import type { StagedFile } from '../stage/stage-day.ts';
import type { StagedMonth } from '../stage/stage-month.ts';
import type { DayFacts } from './day-facts.ts';

/** What is to be written. It only reads the archive, so another process can do it. */
export interface StageTask {
  /** The archive's path. */
  path: string;
  day: string;
  generation: number;
  /** The months whose commands are written with the day. */
  months: readonly string[];
  /** A folder that has nothing in it. */
  folder: string;
  nowMs: number;
  /** How long after its end a span counts as settled. */
  settlingMs: number;
}

/** What the archive knew of a day when it was sealed, and what it did not know. */
export type DayStatement = Readonly<Record<'counts' | 'coverage' | 'unfinished' | 'unfetched', unknown>>;

/** The files of a day, and what they have. */
export interface StagedDay {
  facts: DayFacts;
  treeSize: number;
  files: readonly StagedFile[];
  /** The commands of the months that are written with the day. */
  months: readonly StagedMonth[];
  statement: DayStatement;
  /** The values that count as seen after the rows have gone. */
  values: readonly DayValue[];
}

export interface StageHooks {
  signal?: AbortSignal | undefined;
  onStep?: ((step: 'staged' | 'checked') => void) | undefined;
}

/**
 * Writes the files of a day, and compares them with the rows of the same moment. Undefined if the day has no rows, or if
 * the signal aborts. Throws SealUnfit if the files are not the rows.
 */
export type StageFiles = (task: StageTask, hooks: StageHooks) => Promise<StagedDay | undefined>;
