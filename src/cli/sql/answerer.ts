import type { wholeFrom } from '../../archive/sealed/whole-from.ts';
import type { CsvForm } from '../../lib/csv/csv.ts';
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
   * The first day from which the answer of an archive file is whole; called after the query has begun. Absent for SQL
   * that somebody wrote, which may read anything. A server says it by itself.
   */
  wholeFrom?: ((sqlite: Parameters<typeof wholeFrom>[0]) => string | undefined) | undefined;
  /** The most rows in the answer of `gather`. */
  limit: number;
  /** The deadline; undefined for the default. */
  timeoutMs: number | undefined;
}

/** All rows, as they are read, and the first day from which they are whole; undefined if nothing can be missing. */
export interface RowStream {
  body: AsyncIterable<Uint8Array>;
  wholeFrom: string | undefined;
  /** What an answer of the lake says of itself. */
  lake?: LakeFacts | undefined;
}

/** Answers SQL from an archive file or from a server. Every method rejects with UserFault. */
export interface SqlAnswerer {
  /** Returns the rows, up to the limit. */
  gather(question: SqlQuestion): Promise<SqlAnswer>;
  /** Returns all rows, as they are read. */
  stream(question: SqlQuestion, format: 'csv' | 'ndjson', csvForm: CsvForm): Promise<RowStream>;
  /** Ends all running queries at once. */
  close(): Promise<void>;
  /**
   * True if other processes can write to the archive during a query. Then an answer is valid only if `confirm` does not
   * throw.
   */
  isUnlocked?: boolean;
  confirm?(): void;
}
