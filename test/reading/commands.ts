import type { COMMANDS } from '../../src/cli/main.ts';

/** The arguments of a call that only reads, and what it prints about an archive of the simulated service. */
export interface ReadingCall {
  args: string[];
  says: RegExp;
}

/**
 * What each command does to the archive. A command either reads the archive, and then has example calls here, or writes
 * to it, or touches no archive. A new command must be added here. A command that reads must not change a byte.
 */
export const COMMANDS_BY_DEED: Record<keyof typeof COMMANDS, { reads: ReadingCall[] } | 'writes' | 'touches none'> = {
  status: { reads: [{ args: ['status'], says: /^Rows {7}\d+ invocations/m }] },
  coverage: { reads: [{ args: ['coverage'], says: /^complete /m }] },
  report: {
    reads: [
      { args: ['report'], says: /^what-ran/m },
      { args: ['report', 'status-by-node', '--format', 'csv'], says: /i-[0-9a-f]+/ },
    ],
  },
  sql: {
    reads: [
      {
        args: [
          'sql',
          '--format',
          'json',
          '--param',
          'least=1',
          'SELECT count(*) AS n FROM invocations WHERE id >= :least',
        ],
        says: /"n": ?"?[1-9]/,
      },
      { args: ['sql', '--format', 'csv', 'SELECT id, status, requested_at FROM invocations'], says: /^1,/m },
    ],
  },
  verify: { reads: [{ args: ['verify', '--processes', '2'], says: /^Ledger +[1-9]\d* leaves/m }] },
  source: { reads: [{ args: ['source', 'list'], says: /111122223333|ACCOUNT/ }] },
  prune: { reads: [{ args: ['prune', '--older-than', '400d'], says: /^Would go/ }] },
  seal: 'writes',
  lake: 'writes',
  unseal: 'writes',
  hold: { reads: [{ args: ['hold', 'list'], says: /There are no holds\./ }] },
  reconcile: { reads: [{ args: ['reconcile'], says: /^[^\n]*SOURCE[^\n]*\n/ }] },
  doctor: { reads: [{ args: ['doctor'], says: /^ok {7}archive: .* is whole$/m }] },
  backup: { reads: [{ args: ['backup', 'FREE/copy.db'], says: /^Checked/m }] },
  key: { reads: [{ args: ['key', 'show'], says: /^Key +ssm-archive\//m }] },
  init: 'writes',
  ingest: 'writes',
  serve: 'writes',
  migrate: 'writes',
  restore: 'writes',
  evidence: 'writes',
  'import-senders': 'writes',
  token: 'touches none',
  simulate: 'touches none',
  demo: 'writes',
};

export const READING_CALLS: readonly ReadingCall[] = Object.values(COMMANDS_BY_DEED).flatMap((deed) =>
  typeof deed === 'string' ? [] : deed.reads,
);
