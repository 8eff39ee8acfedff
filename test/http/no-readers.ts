import type { ApiReports } from '../../src/http/api/api-deps.ts';
import type { SqlDeps } from '../../src/processes/sql/ask-sql.ts';

const never = () => Promise.reject(new Error('This test has no readers.'));

/** A pool for tests in which no process answers questions. */
export const NO_READERS = { read: never, stream: never, gather: never, renew() {}, close: () => Promise.resolve() };

/** Issues no certificate, for tests of a server that signs nothing. */
export function neverIssued(): never {
  throw new Error('This test issues no certificates.');
}

/** An AWS endpoint without accounts, on which every read fails. */
export const NO_AWS = {
  history: { listInvocations: never, listCommands: never, getInvocation: never },
  accounts: () => [],
};

export const NO_SQL: SqlDeps = { pool: NO_READERS, deadlineMs: 0, memoryBytes: 0, maxRows: 0, maxBytes: 0 };

/** Only the built-in reports: there is no file of saved ones. */
export const NO_REPORTS: ApiReports = { configured: [], reportsFile: '/nowhere/reports.yaml', deliveries: [] };
