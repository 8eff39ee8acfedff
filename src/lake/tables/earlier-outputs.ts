import type { Database } from 'better-sqlite3';
import { outputsOfState } from '../../archive/shared/outputs-of-state.ts';
import { IS_WITHOUT_OUTPUTS } from '../../archive/shared/without-outputs.ts';
import { createBatchReader } from '../../ledger/entries/create-batch-reader.ts';
import type { LakeColumn, LakeRow, LakeTable } from './lake-table.ts';
import { OF_DAY, spanOf } from './select-rows.ts';

const KEY = ['account_id', 'region', 'command_id', 'instance_id', 'document_name', 'requested_at'] as const;

const COLUMNS: readonly LakeColumn[] = [
  ...KEY.map((name): LakeColumn => ({ name, type: 'VARCHAR' })),
  { name: 'invocation_id', type: 'BIGINT' },
  { name: 'sha256', type: 'VARCHAR' },
  { name: 'output', type: 'VARCHAR' },
];

/**
 * The texts of outputs that an invocation printed in an earlier state and not in its last one. States have only the
 * digests of outputs, so without this table such a text would be lost when the rows of the day are removed.
 */
export const EARLIER_OUTPUTS: LakeTable = {
  name: 'earlier_outputs',
  from: '',
  hot: () => [],
  ofStates: COLUMNS,
  rows: earlierOutputs,
  order: ['account_id', 'region', 'instance_id', 'requested_at', 'command_id', 'sha256'],
};

interface EarlierState {
  id: number;
  batchId: number;
  line: number;
}

function* earlierOutputs(sqlite: Database, day: string): Generator<LakeRow> {
  // In this order each batch is unpacked once.
  const states = sqlite
    .prepare<[object], EarlierState>(
      `SELECT i.id, r.page_id AS batchId, r.line FROM main.invocations i JOIN main.revisions r ON r.invocation_id = i.id
        WHERE ${OF_DAY} AND r.plugin_count > 0 AND NOT ${IS_WITHOUT_OUTPUTS}
          AND EXISTS (SELECT 1 FROM main.revisions n WHERE n.invocation_id = r.invocation_id AND n.seq > r.seq)
        ORDER BY r.page_id, r.line`,
    )
    .iterate(spanOf(day));
  const read = sqlite
    .prepare<[object], LakeRow>(
      `SELECT ${KEY.map((name) => `i.${name}`).join(', ')}, i.id, lower(hex(o.sha256)), o.text
         FROM main.invocations i, main.outputs o WHERE i.id = :id AND o.sha256 = :digest
          AND NOT EXISTS (SELECT 1 FROM main.plugins p WHERE p.invocation_id = i.id AND p.output_id = o.id)`,
    )
    .raw();
  const readBatch = createBatchReader(sqlite);
  const written = new Set<string>();
  for (const { id, batchId, line } of states) {
    for (const digest of outputsOfState(readBatch(batchId).states[line] ?? 'null')) {
      const key = `${id} ${digest}`;
      if (written.has(key)) continue;
      const row = read.get({ id, digest: Buffer.from(digest, 'hex') });
      if (!row) continue;
      written.add(key);
      yield row;
    }
  }
}
