import { SqlFault } from '../../questions/sql/sql-fault.ts';
import { jsonOfLake, type LakeCell } from './cell-of.ts';
import type { LakeEngine } from './open-engine.ts';
import { type LakeQuery, openLakeQuery } from './open-query.ts';

export interface SelectJsonInput extends LakeQuery {
  /**
   * The answer has at most this many rows, and at most about this many bytes including the names of its columns. With a
   * limit of 0 the query is only checked, and not run.
   */
  limit: number;
  maxBytes: number;
}

/** Writes a query's whole answer as JSON, in the form of the archive's own engine, at its end. Returns the number of rows. */
export async function selectJson(
  engine: LakeEngine,
  { limit, maxBytes, ...query }: SelectJsonInput,
  push: (chunk: Uint8Array) => void,
): Promise<number> {
  const startedAt = performance.now();
  const opened = await openLakeQuery(engine, query, { isTried: limit === 0 });
  try {
    let bytes = opened.columns.reduce((sum, { name }) => sum + Buffer.byteLength(name), 0);
    if (bytes > maxBytes)
      throw new SqlFault(`The names of the columns take more than the ${maxBytes} bytes that an answer may have.`, {
        kind: 'memory',
      });
    const lines: string[] = [];
    let isTruncated = false;
    for await (const row of opened.rows()) {
      const line = lines.length < limit ? lineOf(row) : '';
      bytes += Buffer.byteLength(line) + 1;
      if (lines.length === limit || bytes > maxBytes) {
        isTruncated = true;
        break;
      }
      lines.push(line);
    }
    const elapsedMs = Math.round((performance.now() - startedAt) * 1000) / 1000;
    push(
      Buffer.from(
        `{"columns":${JSON.stringify(opened.columns)},"rows":[${lines.join(',')}],"rowCount":${lines.length},"truncated":${isTruncated},"elapsedMs":${elapsedMs}}`,
      ),
    );
    return lines.length;
  } finally {
    opened.close();
  }
}

function lineOf(row: readonly LakeCell[]): string {
  return `[${row.map(jsonOfLake).join(',')}]`;
}
