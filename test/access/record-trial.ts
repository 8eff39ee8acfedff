import type { RequestRecord } from '../../src/access/log/record-request.ts';

/** Returns a row of the access log with these members, and defaults for the others. */
export function requestRecord(facts: Partial<RequestRecord> = {}): RequestRecord {
  return {
    at: '2026-03-01T09:30:00.000Z',
    requestId: 'request-1',
    caller: 'auditor',
    tokenId: 'ssm_abcdefgh',
    role: 'reader',
    remoteAddress: '192.0.2.1',
    method: 'GET',
    path: '/v1/invocations',
    query: 'status=Failed&limit=50',
    sql: null,
    params: null,
    engine: null,
    status: 200,
    outcome: 'complete',
    rows: 50,
    bytes: null,
    elapsedMs: 4,
    userAgent: 'curl/8.5.0',
    attempts: null,
    lastAt: null,
    ...facts,
  };
}
