import type { Database } from 'better-sqlite3';
import { createLedger } from '../../ledger/create-ledger.ts';
import { rowEntry, type TableRow } from '../../ledger/entries/entries.ts';
import type { CommandSender } from '../../model/command-sender.ts';

/**
 * Prepares the statement once and returns a function that stores senders in one transaction and returns how many were
 * new. A sender that is stored already stays as it is.
 */
export function createSenderRecorder(sqlite: Database): (senders: readonly CommandSender[]) => number {
  const ledger = createLedger(sqlite);
  const insert = sqlite.prepare<[CommandSender], TableRow>(
    `INSERT INTO command_senders (account_id, region, command_id, event_id, event_at, principal_type, principal_arn,
       principal_id, session_issuer_arn, invoked_by, source_ip_address, user_agent, is_mfa_authenticated)
     VALUES (:accountId, :region, :commandId, :eventId, :eventAt, :principalType, :principalArn,
       :principalId, :sessionIssuerArn, :invokedBy, :sourceIpAddress, :userAgent, :isMfaAuthenticated)
     ON CONFLICT DO NOTHING RETURNING *`,
  );
  const record = sqlite.transaction((senders: readonly CommandSender[]) => {
    const rows = senders.map((sender) => insert.get(sender)).filter((row) => row !== undefined);
    ledger.add(
      'row',
      rows.map((row) => rowEntry('command_senders', row)),
    );
    return rows.length;
  });
  return (senders) => (senders.length === 0 ? 0 : record.immediate(senders));
}
