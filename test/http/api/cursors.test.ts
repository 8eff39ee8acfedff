import { describe, expect, it } from 'vitest';
import { NOW_MS, recordPass, target } from '../../archive/archive-with-passes.ts';
import { apiTrial } from './api-trial.ts';

const api = apiTrial();
for (const [n, CommandId] of ['c-1', 'c-2'].entries()) {
  const failures = [{ target: target(10, 5), error: 'Throttled for good.' }];
  recordPass(api.db, { startedMs: NOW_MS + n, failures });
  await api.record([
    { CommandId, InstanceId: `i-${n}`, DocumentName: `d-${n}`, RequestedDateTime: n === 0 ? undefined : 1772357400 },
  ]);
  api.checkpoint(new Date(NOW_MS + n));
}

describe('the cursor of a list', () => {
  /** The cursor that an earlier version gave with the first page, and the items of the next page. */
  const lists: [path: string, cursor: string, member: string, second: unknown][] = [
    ['/v1/invocations?limit=1', 'WyJ6S0FtdDd5Z29QIixbIjIwMjYtMDMtMDFUMDk6MzA6MDAuMDAwWiIsMl1d', 'instanceId', 'i-0'],
    ['/v1/invocations?limit=1&sort=requestedAt', 'WyI0NkZPS2ZtVFROIixbbnVsbCwxXV0', 'instanceId', 'i-1'],
    [
      '/v1/invocations?limit=1&sort=-changedAt',
      'WyJhaWNoeDdqWkRyIixbIjIwMjYtMDMtMDFUMTA6MDA6MDAuMDAwWiIsMl1d',
      'instanceId',
      'i-0',
    ],
    [
      '/v1/commands?limit=1',
      'WyJKUXBmazRROUtIIixbIjIwMjYtMDMtMDFUMDk6MzA6MDAuMDAwWiIsImMtMiIsIjAxMjM0NTY3ODkwMSIsImV1LXdlc3QtMSJdXQ',
      'commandId',
      'c-1',
    ],
    [
      '/v1/instances?limit=1',
      'WyJYX0I0ZDhuNGdsIixbImktMCIsIjAxMjM0NTY3ODkwMSIsImV1LXdlc3QtMSJdXQ',
      'instanceId',
      'i-1',
    ],
    ['/v1/documents?limit=1', 'WyJ4MjdrTnVSZGVPIiwiZC0wIl0', 'documentName', 'd-1'],
    ['/v1/runs?limit=1', 'WyJ1eEVmUjNxQ2RCIiwyXQ', 'id', 1],
    ['/v1/sweeps?limit=1', 'WyJwUzhsRjRIdmhOIiwyXQ', 'id', 1],
  ];
  it.each(lists)(
    'is still accepted for %s if an earlier version gave it out before an upgrade',
    async (path, cursor, member, second) => {
      expect((await api.list(path)).nextCursor).toBe(cursor);
      const { items } = await api.list(`${path}&cursor=${cursor}`);
      expect(items.map((item) => item[member])).toEqual([second]);
    },
  );
});
