import type { CsvForm } from '../../lib/csv/csv.ts';
import type { SqlParams } from '../../processes/sql/bind-params.ts';
import type { SqlAnswer } from '../../questions/sql/sql-answer.ts';

/** A query, and what it may take. */
export interface SqlQuestion {
  sql: string;
  params: SqlParams;
  /** A report that a server has, by its name; in place of `sql` and `params`. */
  report?: { name: string; values: Readonly<Record<string, string>> };
  /** Rows of a gathered answer. */
  limit: number;
  /** Undefined for as long as there is by default. */
  timeoutMs: number | undefined;
}

/** Who answers SQL: an archive file, or a server. Both reject with UserFault. */
export interface SqlAnswerer {
  /** The rows up to the limit. */
  gather(question: SqlQuestion): Promise<SqlAnswer>;
  /** All rows, as they are read. */
  stream(question: SqlQuestion, format: 'csv' | 'ndjson', csvForm: CsvForm): Promise<AsyncIterable<Uint8Array>>;
  /** Gives up what is under way, at once. */
  close(): Promise<void>;
  /** Whether nothing keeps others from writing to the archive meanwhile: then an answer is given once `confirm` has not thrown. */
  isUnlocked?: boolean;
  confirm?(): void;
}
