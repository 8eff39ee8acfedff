import type { LakeLocation } from '../store/parse-location.ts';
import type { DdlTable } from './ddl-table.ts';

/** What is to be printed. */
export interface DdlRequest {
  location: LakeLocation;
  tables: readonly DdlTable[];
  /** The version of this program. */
  version: string;
}

/** An engine that reads the lake as it is. */
export interface Engine {
  /** Its name in sentences. */
  title: string;
  /** Returns why it can't read a lake there, as the end of a sentence that begins with its name; undefined if it can. */
  refuses(location: LakeLocation): string | undefined;
  /** Returns the lines of the statements that make the tables. */
  write(request: DdlRequest): string[];
}

/** The name of the schema, or database, that has the tables. */
export const SCHEMA = 'ssm_archive';
