import { describe, expect, it } from 'vitest';
import { EMPTY_ID, listing, rawCommand } from '../../archive/evidence/commands/command-trial.ts';
import { apiTrial } from '../api/api-trial.ts';
import { page, textOfHtml } from './console-trial.ts';

const trial = apiTrial({ isRead: false });
await trial.record(
  Array.from({ length: 5 }, (_, n) => ({
    ...{ CommandId: `c-${n}`, RequestedDateTime: Date.parse(`2026-03-0${n + 1}T12:00:00Z`) / 1000 },
    ...(n === 0 && { Status: 'Failed', StatusDetails: 'Failed' }),
  })),
);
const hidden = (html: string) =>
  new URLSearchParams(
    [...html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"\/>/g)]
      .map(([, name = '', value = '']) => [name, value])
      .filter(([name]) => name !== 'next') as [string, string][],
  );

describe('the page of an evidence pack', () => {
  it('asks for a span, and says what is wrong with a span that was given', async () => {
    expect(textOfHtml(await page(trial, '/evidence'))).toContain('Show what would be in it');
    expect(
      textOfHtml(await page(trial, '/evidence?account=111122223333', 400)).match(
        /is needed, because an evidence pack is about a span/g,
      ),
    ).toHaveLength(4);
    const wrong = await page(trial, '/evidence?requestedAfter=March&requestedBefore=2026-03-02', 400);
    expect(wrong).toContain('must be a date such as 2026-03-01');
    const turned = await page(trial, '/evidence?requestedAfter=2026-03-03&requestedBefore=2026-03-02', 400);
    expect(turned).toContain('must be later than “Requested from (UTC)”');
  });

  it('says how much is in the pack, and its button asks the API for a pack of exactly these invocations', async () => {
    const html = await page(trial, '/evidence?requestedAfter=2026-03-01&requestedBefore=2026-03-04&status=Success');
    expect(textOfHtml(html)).toContain('2 invocations of the span');
    expect(hidden(html).toString()).toBe('status=Success&requestedAfter=2026-03-01&requestedBefore=2026-03-04');
    const reply = await trial.app.request(`/v1/evidence?${hidden(html)}&redact=`);
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'application/zip']);
  });

  it('says that nothing matches, and makes an empty pack only if the user ticks the box', async () => {
    const html = await page(trial, '/evidence?requestedAfter=2026-03-01&requestedBefore=2026-03-04&status=Cancelled');
    expect(textOfHtml(html)).toMatch(/0 invocations of the span.*proves an absence only if coverage is complete/);
    expect(html).toMatch(/<input type="checkbox" name="allowEmpty" value="true" required/);
    const path = `/v1/evidence?${hidden(html)}&redact=`;
    expect((await trial.app.request(path)).status).toBe(404);
    expect((await trial.app.request(`${path}&allowEmpty=true`)).status).toBe(200);
    const some = await page(trial, '/evidence?requestedAfter=2026-03-01&requestedBefore=2026-03-04');
    expect(some).not.toContain('allowEmpty');
  });

  it('offers a pack of a command without invocations as one that has content, and redaction of its scripts', async () => {
    listing(rawCommand({ CommandId: EMPTY_ID, StatusDetails: 'NoInstancesInTag' }))(trial.db.sqlite);
    const html = await page(
      trial,
      `/evidence?requestedAfter=2026-03-01&requestedBefore=2026-03-04&commandId=${EMPTY_ID}`,
    );
    expect(textOfHtml(html)).toContain('0 invocations of the span, and commands that reached no node.');
    expect(html).not.toContain('allowEmpty');
    expect(html).toContain('value="Output,Parameters"');
    const reply = await trial.app.request(`/v1/evidence?${hidden(html)}&redact=Output,Parameters`);
    expect(reply.status).toBe(200);
  });

  it('accepts all filters of a view of invocations', async () => {
    const list = await page(
      trial,
      '/invocations?requestedAfter=2026-03-01&requestedBefore=2026-03-10&instanceName=web-&q=done&status=Success,+Cancelled',
    );
    const [, path = ''] = /href="(\/evidence\?[^"]+)"/.exec(list) ?? [];
    const html = await page(trial, path.replaceAll('&amp;', '&'));
    expect(textOfHtml(html)).toContain('4 invocations of the span');
    expect(hidden(html).toString()).toBe(
      'instanceName=web-&status=Success%2C+Cancelled&requestedAfter=2026-03-01&requestedBefore=2026-03-10&q=done',
    );
    const wrong = '/evidence?requestedAfter=2026-03-01&requestedBefore=2026-03-10&q=(open';
    expect(await page(trial, wrong, 400)).toContain('The parenthesis is not closed.');
  });

  it('is linked from other pages, and each link keeps the filters of its page', async () => {
    const list = await page(trial, '/invocations?status=Failed&requestedAfter=2026-03-01&requestedBefore=2026-03-02');
    const [, path = ''] = /href="(\/evidence\?[^"]+)"/.exec(list) ?? [];
    expect(textOfHtml(await page(trial, path.replaceAll('&amp;', '&')))).toContain('1 invocation of the span');
    const [, link = ''] = /href="(\/invocations\/[^"?]+)"/.exec(list) ?? [];
    const [, own = ''] = /href="(\/evidence\?[^"]+)"/.exec(await page(trial, link)) ?? [];
    expect(textOfHtml(await page(trial, own.replaceAll('&amp;', '&')))).toContain('1 invocation of the span');
  });
});
