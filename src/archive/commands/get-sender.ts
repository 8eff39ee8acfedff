import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import type { CommandKey } from './shown-command.ts';

/** Who sent a command, according to CloudTrail's event of its SendCommand. */
export interface SenderView {
  eventAt: string;
  principalType: string | null;
  principalArn: string | null;
  invokedBy: string | null;
  sourceIpAddress: string | null;
  userAgent: string | null;
}

/** A command's sender; undefined if no event of the command was imported. */
export function getSender(sqlite: Database, { accountId, region, commandId }: CommandKey): SenderView | undefined {
  return prepareOnce<unknown[], SenderView>(
    sqlite,
    `SELECT event_at AS eventAt, principal_type AS principalType, principal_arn AS principalArn, invoked_by AS invokedBy,
            source_ip_address AS sourceIpAddress, user_agent AS userAgent
       FROM command_senders WHERE account_id = ? AND region = ? AND command_id = ?`,
  ).get(accountId, region, commandId);
}
