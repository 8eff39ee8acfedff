import type { Database } from 'better-sqlite3';
import type { CommandSender } from '../lib/command-sender.ts';

/**
 * Prepares the statement once and returns the verb: keeps senders, all in one transaction, and gives how many of them were
 * new. The sender of a command that is there already stays as it is.
 */
export function createSenderRecorder(sqlite: Database): (senders: readonly CommandSender[]) => number {
  const insert = sqlite.prepare(
    `INSERT INTO command_senders (account_id, region, command_id, event_id, event_at, principal_type, principal_arn,
       principal_id, session_issuer_arn, invoked_by, source_ip_address, user_agent, is_mfa_authenticated)
     VALUES (:accountId, :region, :commandId, :eventId, :eventAt, :principalType, :principalArn,
       :principalId, :sessionIssuerArn, :invokedBy, :sourceIpAddress, :userAgent, :isMfaAuthenticated)
     ON CONFLICT DO NOTHING`,
  );
  const record = sqlite.transaction((senders: readonly CommandSender[]) =>
    senders.reduce((sum, sender) => sum + insert.run(sender).changes, 0),
  );
  return (senders) => (senders.length === 0 ? 0 : record.immediate(senders));
}
