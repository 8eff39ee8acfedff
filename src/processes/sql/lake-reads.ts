import type { LakeFacts } from '../../questions/sql/lake-facts.ts';
import type { SelectFileInput } from './select-file.ts';
import type { SelectJsonInput } from './select-json.ts';
import type { SelectLinesInput } from './select-lines.ts';

/** What a process that answers SQL over the lake is told with each question. */
export interface OfLake {
  /** The path of the description of the lake's files. */
  view: string;
  /** How much memory the engine may take. */
  engineBytes: number;
}

/** The streams that such a process can be asked for. */
export type LakeReads = {
  selectJson(engine: never, input: SelectJsonInput & OfLake): Promise<number>;
  selectLines(engine: never, input: SelectLinesInput & OfLake): Promise<number>;
  selectFile(engine: never, input: Omit<SelectFileInput, 'needs'> & OfLake & { facts: LakeFacts }): Promise<number>;
};

/** What makes the lake ready for SQL can be asked: where the description is now, and what answers say of themselves. */
export type CopyReads = {
  readyView(engine: never, input: Record<never, never>): Promise<{ path: string; facts: LakeFacts }>;
};
