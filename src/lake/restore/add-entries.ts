import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { outputEntry } from '../../ledger/entries/output-entry.ts';
import { bytesOf, createValueReader, type RowsOfTable } from './lake-rows.ts';

/**
 * Makes the entries of fetched outputs again, which the ledger's table lacks while their invocations are in the lake.
 * The leaves are there: each entry is made of the same facts as before, so it is the same.
 */
export function addEntries(sqlite: Database, { columns, rows }: RowsOfTable): void {
  const insert = prepareOnce<[number, string], unknown>(
    sqlite,
    "INSERT INTO main.ledger_entries (seq, kind, entry_json) VALUES (?, 'output', ?)",
  );
  const read = createValueReader(columns);
  for (const row of rows) {
    const text = (name: string) => String(read(row, name));
    const textOrNull = (name: string) => (read(row, name) === null ? null : text(name));
    const number = (name: string) => Number(read(row, name));
    const bytes = (name: string) => bytesOf(read(row, name)) ?? Buffer.alloc(0);
    insert.run(
      number('seq'),
      outputEntry({
        ...{ accountId: text('account_id'), region: text('region'), commandId: text('command_id') },
        ...{ instanceId: text('instance_id'), position: number('position'), name: textOrNull('name') },
        ...{ stream: text('stream'), provenance: text('provenance'), locationJson: textOrNull('location_json') },
        ...{ fetchedAt: text('fetched_at'), encoding: text('encoding'), sizeBytes: number('size_bytes') },
        totalBytes: read(row, 'total_bytes') === null ? null : number('total_bytes'),
        ...{ cutBy: textOrNull('cut_by'), sha256: bytes('sha256'), salt: bytes('salt') },
      }),
    );
  }
}
