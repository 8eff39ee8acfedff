import { describe, expect, it } from 'vitest';
import { NOW_MS } from '../../../archive/archive-with-passes.ts';
import { apiTrial, faultsOf } from '../api-trial.ts';

const DAY_MS = 86_400_000;
const api = apiTrial();
const at = (days: number) => (NOW_MS - days * DAY_MS) / 1000;
await api.record(
  [1, 2, 3, 8].map((days) => ({ InstanceId: `i-${days}`, RequestedDateTime: at(days), Status: 'Success' })),
);
const nodesOf = (items: readonly Record<string, unknown>[]) => items.map(({ instanceId }) => instanceId);

describe('a time relative to now', () => {
  it.each([
    ['/v1/invocations', 'requestedAfter'],
    ['/v1/invocations', 'requestedBefore'],
    ['/v1/invocations', 'changedAfter'],
    ['/v1/invocations', 'asOf'],
    ['/v1/invocations/111122223333/eu-west-1/x/i-1', 'asOf'],
    ['/v1/stats', 'requestedAfter'],
    ['/v1/coverage', 'from'],
    ['/v1/coverage', 'to'],
    ['/v1/coverage/certificate', 'from'],
    ['/v1/evidence', 'requestedAfter'],
    ['/v1/access-log', 'from'],
  ])('is accepted by %s as %s, and the error for a misspelt one proposes the right form', async (path, name) => {
    for (const text of ['-7d', '-12h', '-30m', '-2w', 'now', 'today', '2026-03-01']) {
      const reply = await api.ask(`${path}?${name}=${text}`);
      const faulty = reply.status === 400 ? await api.problem(`${path}?${name}=${text}`, 400) : { errors: [] };
      expect([text, faulty.errors?.filter(({ field }) => field === name)]).toEqual([text, []]);
    }
    const wrong = await api.problem(`${path}?${name}=7d`, 400);
    expect(faultsOf(wrong)[name]).toMatch(/^must be a date such as .*, not "7d"\. Did you mean "-7d"\?$/);
  });

  it('is relative, on every page, to the moment of the first page, and is in the access log as the client wrote it', async () => {
    const first = await api.list('/v1/invocations?requestedAfter=-7d&sort=requestedAt&limit=1');
    expect(nodesOf(first.items)).toEqual(['i-3']);
    // If the time were relative to the moment of this page, the span would not contain these invocations.
    api.later(6.5 * DAY_MS);
    const rest = await api.list(`/v1/invocations?requestedAfter=-7d&sort=requestedAt&cursor=${first.nextCursor}`);
    expect(nodesOf(rest.items)).toEqual(['i-2', 'i-1']);
    expect(api.accessRows()[0]?.query).toContain('requestedAfter=-7d&');
    api.later(-6.5 * DAY_MS);
  });

  it('still works if the next page of the console is opened a day later', async () => {
    const many = Array.from({ length: 60 }, (_, n) => ({
      ...{ InstanceId: `mi-${n}`, RequestedDateTime: at(2.5) + n, Status: 'Failed', StatusDetails: 'Failed' },
    }));
    await api.record(many);
    const page = async (path: string) => {
      const reply = await api.app.request(path, { headers: { accept: 'text/html' } });
      expect(reply.status).toBe(200);
      return reply.text();
    };
    const first = await page('/invocations?requestedAfter=-7d&status=Failed');
    const next = /href="(\/invocations\?[^"]*cursor=[^"]*)"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(next).toContain('requestedAfter=-7d');
    api.later(DAY_MS);
    const rest = await page(next);
    expect([...rest.matchAll(/>mi-\d+</g)].length).toBeGreaterThan(0);
    api.later(-DAY_MS);
  });

  it('makes a cursor that works only with the same relative time', async () => {
    const { nextCursor } = await api.list('/v1/invocations?requestedAfter=-7d&sort=requestedAt&limit=1');
    const other = `/v1/invocations?requestedAfter=-6d&sort=requestedAt&limit=1&cursor=${nextCursor}`;
    expect(faultsOf(await api.problem(other, 400)).cursor).toContain('belongs to another question');
    const forged = `/v1/invocations?requestedAfter=-7d&sort=requestedAt&limit=1&cursor=${nextCursor}0`;
    expect(faultsOf(await api.problem(forged, 400)).cursor).toContain('belongs to another question');
  });

  it('is an ordinary word in a parameter that is not a time', async () => {
    expect((await api.list('/v1/invocations?instanceName=today')).items).toEqual([]);
  });

  it('appears as an absolute time in the error about a span that ends before it begins', async () => {
    for (const path of ['/v1/coverage', '/v1/coverage/certificate', '/v1/access-log'])
      expect(faultsOf(await api.problem(`${path}?from=-1d&to=-2d`, 400)).to).toBe(
        `must be later than from: from is ${new Date(NOW_MS - DAY_MS).toISOString()}, and to is ${new Date(NOW_MS - 2 * DAY_MS).toISOString()}`,
      );
  });
});
