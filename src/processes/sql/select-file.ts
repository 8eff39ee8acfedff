import type { Database } from 'better-sqlite3';
import { type NeededRows, wholeFromNeeded } from '../../archive/sealed/whole-from.ts';
import type { FileFormat } from '../../lib/media-types.ts';
import { fileMetadata } from '../../questions/sql/file/file-metadata.ts';
import { loadColumnFile } from '../../questions/sql/file/load-column-file.ts';
import { createResultFile } from '../../questions/sql/file/result-file.ts';
import type { StreamTools } from '../pool/serve-reads.ts';
import { columnTypeOf } from './column-type-of.ts';
import { openQuery, type SqlQuery } from './open-query.ts';

export interface SelectFileInput extends SqlQuery {
  format: FileFormat;
  /** Which rows the answer is made of, as far as that is known. */
  needs?: NeededRows | undefined;
}

/**
 * Writes a query's answer as a file of columns, batch by batch as it is read. The file says from which day it is whole,
 * as of the state in which the query reads the archive. Returns the number of rows.
 */
export async function selectFile(
  sqlite: Database,
  { format, needs, ...query }: SelectFileInput,
  { note, push }: Pick<StreamTools, 'note' | 'push'>,
): Promise<number> {
  const create = await loadColumnFile(format);
  // The floor and the rows are of one state: a day that is sealed while the query runs changes neither.
  sqlite.exec('BEGIN');
  try {
    const metadata = fileMetadata({ engine: 'archive', wholeFrom: wholeFromNeeded(sqlite, needs) });
    const { columns, each } = openQuery(sqlite, query, note);
    const file = createResultFile({
      ...{ create, metadata, push },
      names: columns.map(({ name }) => name),
      typeOf: (n, values) => columnTypeOf(columns[n]?.type, values),
    });
    let rows = 0;
    each((row) => {
      rows += 1;
      file.add(row);
    });
    file.end();
    return rows;
  } finally {
    if (sqlite.inTransaction) sqlite.exec('ROLLBACK');
  }
}
