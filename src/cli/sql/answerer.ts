import type { NeededRows } from '../../archive/sealed/whole-from.ts';
import type { CsvForm } from '../../lib/csv/csv.ts';
import type { FileFormat } from '../../lib/media-types.ts';
import type { LakeFacts } from '../../questions/sql/lake-facts.ts';
import type { SqlAnswer } from '../../questions/sql/sql-answer.ts';
import type { SqlEngine } from '../../questions/sql/sql-engine.ts';
import type { SqlParams } from '../../questions/sql/sql-values.ts';

/** A query and its limits. */
export interface SqlQuestion {
  sql: string;
  params: SqlParams;
  /** The engine that answers; by default that of the archive's file. */
  engine?: SqlEngine | undefined;
  /** The name and values of a server's report, if a report is asked for instead of `sql` and `params`. */
  report?: { name: string; values: Readonly<Record<string, string>> };
  /**
   * Which rows the answer is made of, of which an archive file may have only a part. Absent for SQL that somebody wrote,
   * which may read anything. A server knows it by itself.
   */
  needs?: NeededRows | undefined;
  /** The most rows in the answer of `gather`. */
  limit: number;
  /** The deadline; undefined for the default. */
  timeoutMs: number | undefined;
}

/** The forms that have all rows. */
export type StreamFormat = 'csv' | 'ndjson' | FileFormat;

/** All rows, as they are read, and the first day from which they are whole; undefined if nothing can be missing. */
export interface RowStream {
  body: AsyncIterable<Uint8Array>;
  /** Returns how many rows there were, once all are read; null if nobody knows that. */
  rows(): number | null;
  wholeFrom: string | undefined;
  /** What an answer of the lake says of itself. */
  lake?: LakeFacts | undefined;
}

/** Answers SQL from an archive file or from a server. Every method rejects with UserFault. */
export interface SqlAnswerer {
  /** Returns the rows, up to the limit. */
  gather(question: SqlQuestion): Promise<SqlAnswer>;
  /** Returns all rows, as they are read. */
  stream(question: SqlQuestion, format: StreamFormat, csvForm: CsvForm): Promise<RowStream>;
  /** Ends all running queries at once. */
  close(): Promise<void>;
  /**
   * True if other processes can write to the archive during a query. Then an answer is valid only if `confirm` does not
   * throw.
   */
  isUnlocked?: boolean;
  confirm?(): void;
}
