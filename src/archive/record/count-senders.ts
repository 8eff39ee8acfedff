import type { Database } from 'better-sqlite3';

/** How many commands the archive has, and how many of them have no sender. Reads all commands. */
export function countSenders(sqlite: Database): { commands: number; withoutSender: number } {
  return (
    sqlite
      .prepare<[], { commands: number; withoutSender: number }>(
        `SELECT count(*) AS commands, count(*) FILTER (WHERE NOT EXISTS (
             SELECT 1 FROM command_senders s
              WHERE s.account_id = c.account_id AND s.region = c.region AND s.command_id = c.command_id
           )) AS withoutSender
           FROM commands c`,
      )
      .get() ?? { commands: 0, withoutSender: 0 }
  );
}
