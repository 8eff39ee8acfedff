import SQLite from 'better-sqlite3';

/** The paths of pages for one kind of question, each with different values from the archive. */
export interface Questions {
  name: string;
  paths: string[];
  /**
   * Whether an index answers both the filter and the order. If not, the rows are walked in order of time to find the
   * answer.
   */
  isIndexed: boolean;
}

interface Drawn {
  account_id: string;
  region: string;
  command_id: string;
  instance_id: string;
  instance_name: string;
  document_name: string;
  requested_at: string;
  changed_at: string;
  plugin: string;
}

const DRAWS = 40;
const PAGE = 50;
const DAY_CHARACTERS = 10;

/** Returns invocations spread evenly over the archive, the same each time. */
export function drawInvocations(path: string, draws = DRAWS): Drawn[] {
  const sqlite = new SQLite(path, { readonly: true });
  const last = Number(sqlite.prepare('SELECT max(id) FROM invocations').pluck().get());
  const draw = sqlite.prepare<[number], Drawn>(
    `SELECT i.*, p.name AS plugin FROM invocations i JOIN plugins p ON p.invocation_id = i.id
      WHERE i.id >= ? AND i.instance_name <> '' AND i.document_name <> '' ORDER BY i.id LIMIT 1`,
  );
  const drawn = Array.from({ length: draws }, (_, n) => draw.get(Math.floor((last * (n + 0.5)) / draws)));
  sqlite.close();
  return drawn.filter((row) => row !== undefined);
}

/** Returns the path of a page with these parameters. */
export function pagePath(parameters: Record<string, string>): string {
  return `/v1/invocations?${new URLSearchParams({ limit: String(PAGE), ...parameters })}`;
}

/**
 * Returns questions for each filter of the list of invocations, for each order, and for some combinations of filters.
 */
export function drawQuestions(path: string): Questions[] {
  const drawn = drawInvocations(path);
  const each = (ask: (row: Drawn, n: number) => Record<string, string>) => drawn.map((row, n) => pagePath(ask(row, n)));
  const indexed = (name: string, ask: (row: Drawn, n: number) => Record<string, string>) => ({
    ...{ name, paths: each(ask), isIndexed: true },
  });
  const walked = (name: string, ask: (row: Drawn, n: number) => Record<string, string>) => ({
    ...{ name, paths: each(ask), isIndexed: false },
  });
  const monthOf = ({ requested_at: at }: Drawn) => ({
    requestedAfter: `${at.slice(0, 7)}-01`,
    requestedBefore: at,
  });
  return [
    indexed('(none)', () => ({})),
    indexed('account', (row) => ({ account: row.account_id })),
    indexed('region', (row) => ({ region: row.region })),
    indexed('commandId', (row) => ({ commandId: row.command_id })),
    indexed('instanceId', (row) => ({ instanceId: row.instance_id })),
    indexed('documentName', (row) => ({ documentName: row.document_name })),
    indexed('status=Failed', () => ({ status: 'Failed' })),
    indexed('status=TimedOut,Cancelled', () => ({ status: 'TimedOut,Cancelled' })),
    indexed('status=Undeliverable (details)', () => ({ status: 'Undeliverable' })),
    indexed('status=Success', () => ({ status: 'Success' })),
    indexed('requestedAfter, requestedBefore', monthOf),
    indexed('requestedBefore', (row) => ({ requestedBefore: row.requested_at })),
    indexed('changedAfter', (row) => ({ changedAfter: row.changed_at })),
    walked('instanceName', (row) => ({ instanceName: row.instance_name.slice(0, 8) })),
    walked('pluginName', (row) => ({ pluginName: row.plugin })),
    walked('responseCode=0', () => ({ responseCode: '0' })),
    walked('responseCode=!0', () => ({ responseCode: '!0' })),
    walked('responseCode=>100', () => ({ responseCode: '>100' })),
    walked('comment', (_, n) => ({ comment: ['disk', 'INC00', 'audit', 'patch'][n % 4] ?? '' })),
    walked('q', (row) => ({ q: row.instance_name.includes('-') ? 'units need reload' : 'nginx' })),
    indexed('sort=requestedAt', () => ({ sort: 'requestedAt' })),
    indexed('sort=-changedAt', () => ({ sort: '-changedAt' })),
    indexed('instanceId, requestedBefore', (row) => ({
      ...{ instanceId: row.instance_id, requestedBefore: row.requested_at.slice(0, DAY_CHARACTERS) },
    })),
    indexed('instanceId, documentName', (row) => ({ instanceId: row.instance_id, documentName: row.document_name })),
    walked('documentName, status=Failed', (row) => ({ documentName: row.document_name, status: 'Failed' })),
    walked('account, status=Failed', (row) => ({ account: row.account_id, status: 'Failed' })),
    walked('documentName, responseCode=!0', (row) => ({ documentName: row.document_name, responseCode: '!0' })),
    walked('asOf a month ago', () => ({ asOf: '2026-02-15T12:00:00Z' })),
    walked('comment that no invocation has', () => ({ comment: 'no such comment' })),
    walked('instanceName that no invocation has', () => ({ instanceName: 'no such name' })),
  ];
}
