import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { rangesOf } from '../../ledger/entries/tombstone.ts';
import { sealedInvocationsOf } from '../sealed/count-gone.ts';
import { bury, type PruneOrder, placesOf } from './bury.ts';
import { isHeld, type PruneSelection, shownSince } from './prunable.ts';

interface DoomedCommand {
  n: number;
  accountId: string;
  region: string;
  commandId: string;
  requestedAt: string | null;
}

const AT_ONCE = 200;

/**
 * Finds the commands that are left without any invocation, and all their entries in the ledger, and returns how many.
 * It puts all of them into temporary tables of the connection. If the selection names something that only invocations
 * have, such as a node or a status, it cannot be applied to a command without invocations. Then only commands whose
 * last invocation this pruning run removed are found.
 */
export function findBareCommands(
  sqlite: Database,
  asked: { selection: PruneSelection; nowMs: number; touched: ReadonlySet<string> },
): number {
  const { selection, nowMs, touched } = asked;
  const { account, region, commandId, documentName, requestedAfter, requestedBefore, ...ofInvocations } = selection;
  const isOfInvocations = Object.values(ofInvocations).some((value) => value !== undefined);
  sqlite.exec(`DROP TABLE IF EXISTS temp.bare; DROP TABLE IF EXISTS temp.bare_entries;
    CREATE TEMP TABLE bare (n INTEGER PRIMARY KEY, account_id TEXT, region TEXT, command_id TEXT, requested_at TEXT, UNIQUE (command_id, account_id, region));
    CREATE TEMP TABLE bare_entries (n INTEGER, seq INTEGER, PRIMARY KEY (n, seq)) WITHOUT ROWID`);
  const rows = sqlite
    .prepare<object, Omit<DoomedCommand, 'n'>>(
      `SELECT c.account_id AS accountId, c.region, c.command_id AS commandId, c.requested_at AS requestedAt FROM main.commands c
        WHERE NOT EXISTS (SELECT 1 FROM main.invocations i WHERE i.command_id = c.command_id AND i.account_id = c.account_id AND i.region = c.region)
          AND ${sealedInvocationsOf('c')} = 0 AND (:account IS NULL OR c.account_id = :account) AND (:region IS NULL OR c.region = :region)
          AND (:commandId IS NULL OR c.command_id = :commandId) AND (:documentName IS NULL OR c.document_name = :documentName)
          AND (:requestedAfter IS NULL OR c.requested_at >= :requestedAfter)
          AND (:requestedBefore IS NULL OR c.requested_at < :requestedBefore) AND coalesce(c.requested_at, c.first_seen_at) < :shown
          AND NOT ${isHeld('c')}
          AND NOT EXISTS (SELECT 1 FROM main.unfinished_commands u WHERE u.account_id = c.account_id AND u.region = c.region
                             AND u.command_id = c.command_id AND u.forgotten_at IS NULL)`,
    )
    .all({
      ...{
        account: account ?? null,
        region: region ?? null,
        requestedAfter: requestedAfter ?? null,
        commandId: commandId ?? null,
      },
      ...{ documentName: documentName ?? null, requestedBefore: requestedBefore ?? null, shown: shownSince(nowMs) },
    });
  const add = sqlite.prepare(
    'INSERT INTO temp.bare (account_id, region, command_id, requested_at) VALUES (?, ?, ?, ?)',
  );
  let found = 0;
  for (const row of rows) {
    if (isOfInvocations && !touched.has(commandKey(row))) continue;
    add.run(row.accountId, row.region, row.commandId, row.requestedAt);
    found += 1;
  }
  if (found > 0) findEntries(sqlite);
  return found;
}

/** The key of a command, which is unique across all accounts and regions. */
export function commandKey({
  accountId,
  region,
  commandId,
}: {
  accountId: string;
  region: string;
  commandId: string;
}): string {
  return `${accountId} ${region} ${commandId}`;
}

function findEntries(sqlite: Database): void {
  const of = (command: string, account: string, region: string) =>
    `SELECT b.n, e.seq FROM main.ledger_entries e CROSS JOIN temp.bare b
       ON b.command_id = e.entry_json ->> '${command}' AND b.account_id = e.entry_json ->> '${account}' AND b.region = e.entry_json ->> '${region}'`;
  sqlite.exec(`INSERT INTO temp.bare_entries
    ${of('$.row.command_id', '$.row.account_id', '$.row.region')} WHERE e.kind = 'row' AND e.entry_json ->> '$.table' IN ('commands', 'command_senders')
    UNION ALL ${of('$.commandId', '$.accountId', '$.region')} WHERE e.kind IN ('command', 'forgotten', 'remembered')`);
}

/**
 * Removes the next found commands, with all entries of the ledger about them, and returns their number: 0 if none is
 * left. Call it within a transaction.
 */
export function pruneBareCommands(sqlite: Database, { order, at }: { order: PruneOrder; at: string }): number {
  const doomed = prepareOnce<[], DoomedCommand>(
    sqlite,
    `SELECT n, account_id AS accountId, region, command_id AS commandId, requested_at AS requestedAt FROM temp.bare ORDER BY n LIMIT ${AT_ONCE}`,
  ).all();
  if (doomed.length === 0) return 0;
  const seqsOf = prepareOnce<[number], number>(sqlite, 'SELECT seq FROM temp.bare_entries WHERE n = ?').pluck();
  const seqs = doomed.flatMap(({ n }) => seqsOf.all(n));
  bury(sqlite, {
    ...order,
    what: 'entries',
    at,
    ranges: rangesOf(seqs),
    batches: [],
    places: placesOf('commands', doomed),
  });
  for (const seq of seqs)
    for (const table of ['ledger_entries', 'command_states'])
      prepareOnce(sqlite, `DELETE FROM ${table} WHERE seq = ?`).run(seq);
  for (const { n, accountId, region, commandId } of doomed) {
    // Its row of sealed_commands counts nothing any more, but would still name it.
    for (const table of ['commands', 'command_senders', 'short_commands', 'unfinished_commands', 'sealed_commands'])
      prepareOnce(sqlite, `DELETE FROM ${table} WHERE account_id = ? AND region = ? AND command_id = ?`).run(
        accountId,
        region,
        commandId,
      );
    prepareOnce(sqlite, 'DELETE FROM temp.bare WHERE n = ?').run(n);
  }
  return doomed.length;
}
