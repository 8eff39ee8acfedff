import type { Database } from 'better-sqlite3';

/** Names the row of a leaf, in words. */
export function nameOfLeaf(sqlite: Database, leaf: number): string {
  const seq = leaf + 1;
  const revision = sqlite
    .prepare<
      [number],
      { observedAt: string; accountId: string; region: string; commandId: string; instanceId: string }
    >(
      `SELECT r.observed_at AS observedAt, i.account_id AS accountId, i.region, i.command_id AS commandId, i.instance_id AS instanceId
         FROM main.revisions r JOIN main.invocations i ON i.id = r.invocation_id WHERE r.seq = ?`,
    )
    .get(seq);
  if (revision) {
    const { observedAt, accountId, region, commandId, instanceId } = revision;
    return `revision ${seq} of ${accountId}, ${region}, command ${commandId} on ${instanceId}, observed at ${observedAt},`;
  }
  const kind = sqlite.prepare<[number], string>('SELECT kind FROM main.ledger_entries WHERE seq = ?').pluck().get(seq);
  return kind === undefined
    ? `row ${seq}, which is missing,`
    : `entry ${seq} of the ledger, ${kind === 'output' ? 'an' : 'a'} ${kind},`;
}
