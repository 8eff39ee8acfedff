import type { StagedDay, StageTask } from '../seal/stage-task.ts';

/** The messages to and from a process that writes the files of days. */
export interface StagerProtocol {
  asks: {
    /** Loads DuckDB. Fails with UserFault where it is missing. */
    load(input: undefined): null;
    /** Writes the files of a day and checks them; null if the day has no rows, or if it was told to stop. */
    stage(task: StageTask): StagedDay | null;
  };
  events: {
    step: 'staged' | 'checked';
  };
  tells: {
    /** The request to stop after the step that is under way. */
    stop: undefined;
  };
  ready: undefined;
}
