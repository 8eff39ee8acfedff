import type { Database } from 'better-sqlite3';
import { outputsOfState } from '../../archive/shared/outputs-of-state.ts';
import { IS_WITHOUT_OUTPUTS } from '../../archive/shared/without-outputs.ts';
import { createBatchReader } from '../../ledger/entries/create-batch-reader.ts';
import { KEY, type LakeColumn, type LakeRow, type LakeTable } from './lake-table.ts';
import { idsInOrder, OF_DAY, spanOf } from './select-rows.ts';

const OF_INVOCATION = ['account_id', 'region', 'command_id', 'instance_id', 'document_name', 'requested_at'] as const;

const COLUMNS: readonly LakeColumn[] = [
  ...OF_INVOCATION.map((name): LakeColumn => ({ name, type: 'VARCHAR' })),
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
  order: [...KEY, 'sha256'],
};

interface EarlierState {
  id: number;
  batchId: number;
  line: number;
}

function* earlierOutputs(sqlite: Database, day: string): Generator<LakeRow> {
  const digests = digestsOfDay(sqlite, day);
  if (digests.size === 0) return;
  const read = sqlite
    .prepare<[object], LakeRow>(
      `SELECT ${OF_INVOCATION.map((name) => `i.${name}`).join(', ')}, i.id, lower(hex(o.sha256)), o.text
         FROM main.invocations i, main.outputs o WHERE i.id = :id AND o.sha256 = :digest
          AND NOT EXISTS (SELECT 1 FROM main.plugins p WHERE p.invocation_id = i.id AND p.output_id = o.id)`,
    )
    .raw();
  for (const id of idsInOrder(sqlite, day)) {
    for (const digest of [...(digests.get(id) ?? [])].sort()) {
      const row = read.get({ id, digest: Buffer.from(digest, 'hex') });
      if (row) yield row;
    }
  }
}

/** The SHA-256, in hex, of the outputs in earlier states of invocations of a day, by the number of the invocation. */
function digestsOfDay(sqlite: Database, day: string): Map<number, Set<string>> {
  // In this order each batch is unpacked once.
  const states = sqlite
    .prepare<[object], EarlierState>(
      `SELECT i.id, r.page_id AS batchId, r.line FROM main.invocations i JOIN main.revisions r ON r.invocation_id = i.id
        WHERE ${OF_DAY} AND r.plugin_count > 0 AND NOT ${IS_WITHOUT_OUTPUTS}
          AND EXISTS (SELECT 1 FROM main.revisions n WHERE n.invocation_id = r.invocation_id AND n.seq > r.seq)
        ORDER BY r.page_id, r.line`,
    )
    .iterate(spanOf(day));
  const readBatch = createBatchReader(sqlite);
  const digests = new Map<number, Set<string>>();
  for (const { id, batchId, line } of states) {
    const found = outputsOfState(readBatch(batchId).states[line] ?? 'null');
    if (found.length > 0) digests.set(id, new Set([...(digests.get(id) ?? []), ...found]));
  }
  return digests;
}
