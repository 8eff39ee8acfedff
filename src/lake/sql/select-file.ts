import type { FileFormat } from '../../lib/media-types.ts';
import { fileMetadata } from '../../questions/sql/file/file-metadata.ts';
import { loadColumnFile } from '../../questions/sql/file/load-column-file.ts';
import { createResultFile } from '../../questions/sql/file/result-file.ts';
import type { LakeFacts } from '../../questions/sql/lake-facts.ts';
import { columnTypeOf } from './column-type-of.ts';
import type { LakeEngine } from './open-engine.ts';
import { type LakeQuery, openLakeQuery } from './open-query.ts';

export interface SelectFileInput extends LakeQuery {
  format: FileFormat;
  /** What the file says of itself. */
  facts: LakeFacts;
}

/** Writes a query's answer as a file of columns, batch by batch as it is read. Returns the number of rows. */
export async function selectFile(
  engine: LakeEngine,
  { format, facts, ...query }: SelectFileInput,
  push: (chunk: Uint8Array) => void,
): Promise<number> {
  const create = await loadColumnFile(format);
  const { columns, ...opened } = await openLakeQuery(engine, query);
  try {
    const file = createResultFile({
      ...{ create, push, metadata: fileMetadata(facts) },
      names: columns.map(({ name }) => name),
      typeOf: (n) => columnTypeOf(columns[n]?.type ?? ''),
    });
    let rows = 0;
    for await (const row of opened.rows()) {
      rows += 1;
      file.add(row);
    }
    file.end();
    return rows;
  } finally {
    opened.close();
  }
}
