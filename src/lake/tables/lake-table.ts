import type { Database } from 'better-sqlite3';

/** The types of the lake's columns. Each engine reads both alike; times stay text, in which ISO 8601 sorts. */
export type LakeType = 'VARCHAR' | 'BIGINT';

export interface LakeColumn {
  name: string;
  type: LakeType;
}

/** A column of the lake, with the SQL that makes its value from the archive's tables. */
export interface HotColumn extends LakeColumn {
  sql: string;
}

/** A value of a row: text for VARCHAR, a whole number for BIGINT. */
export type LakeValue = string | number | null;

export type LakeRow = readonly LakeValue[];

/** The columns by which the files of a day are sorted first. Together they tell one invocation from another. */
export const KEY: readonly string[] = ['account_id', 'region', 'instance_id', 'requested_at', 'command_id'];

/** A table of the lake: one file for each day. */
export interface LakeTable {
  name: string;
  /** The tables of the archive from which the rows are, with `invocations` as i. */
  from: string;
  /** The columns that SQL makes, of the schema that the archive has now. */
  hot(sqlite: Database): HotColumn[];
  /** The columns by which a file is sorted. Together they are unique, so that the order is always the same. */
  order: readonly string[];
  /** The columns that are not in SQL but in batches of states. */
  ofStates?: readonly LakeColumn[];
  /** The rows of a day in the order of the file, of a table that no SQL makes. */
  rows?(sqlite: Database, day: string): Iterable<LakeRow>;
}

/** Returns all columns of a table. */
export function columnsOf(table: LakeTable, sqlite: Database): LakeColumn[] {
  return [...table.hot(sqlite).map(({ name, type }) => ({ name, type })), ...(table.ofStates ?? [])];
}
