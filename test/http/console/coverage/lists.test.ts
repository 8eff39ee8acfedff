import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../../src/lib/time.ts';
import { NOW_MS } from '../../../archive/archive-with-passes.ts';
import { SOURCE } from '../../../archive/raw-invocation.ts';
import { page, textOfHtml } from '../console-trial.ts';
import { collectedTrial, SETTLED_DAYS } from './coverage-trial.ts';

const PLACE = `${SOURCE.accountId} ${SOURCE.region}`;
const NEVER = 'Not collected: nothing of 2025-11-01 to 2025-12-01 in';
const trial = collectedTrial({
  covers: [
    [28, 15],
    [12, SETTLED_DAYS],
  ],
});
const whole = collectedTrial({ covers: [[28, SETTLED_DAYS]] });
const empty = collectedTrial();
const at = (daysAgo: number) => (NOW_MS - daysAgo * DAY_MS) / 1000;

describe('the coverage of a page’s span', async () => {
  for (const { record } of [trial, whole])
    await record(
      [20, 19, 10, 1].map((days) => ({
        ...{ CommandId: `c-${days}`, InstanceId: 'i-1', RequestedDateTime: at(days), DocumentName: 'Doc' },
      })),
    );

  it.each([
    ['/invocations?requestedAfter=2025-11-01&requestedBefore=2025-12-01'],
    ['/evidence?requestedAfter=2025-11-01&requestedBefore=2025-12-01'],
    ['/reports/what-ran?from=2025-11-01&to=2025-12-01'],
    ['/reports/failures-by-document-and-week?from=2025-11-01&to=2025-11-30'],
    [`/nodes/${SOURCE.accountId}/${SOURCE.region}/i-1?from=2025-11-01&to=2025-12-01`],
    ['/documents/Doc?from=2025-11-01&to=2025-12-01'],
    ['/?from=2025-11-01&to=2025-12-01'],
  ])('is shown by %s, with a link to the page of coverage for that span', async (path) => {
    const html = await page(whole, path);
    expect(textOfHtml(html)).toContain(`${NEVER} ${PLACE}.`);
    expect(html).toContain('href="/coverage?from=2025-11-01&amp;to=2025-12-01"');
  });

  it.each([
    ['/invocations?requestedAfter=2026-03-10&requestedBefore=2026-03-20'],
    ['/evidence?requestedAfter=2026-03-10&requestedBefore=2026-03-20'],
    ['/reports/what-ran?from=2026-03-10&to=2026-03-20'],
  ])('is shown as complete by %s', async (path) => {
    expect(textOfHtml(await page(whole, path))).toContain('Covered: all of 2026-03-10 to 2026-03-20.');
  });

  it.each(['/invocations', '/commands', '/nodes', '/documents'])(
    'is shown by %s for all that the archive has, if no span is asked for',
    async (path) => {
      expect(textOfHtml(await page(whole, path))).toContain(
        'Covered: all of 2026-03-05T12:00Z to 2026-03-31T11:45Z. Before that, invocations may be missing.',
      );
      expect(textOfHtml(await page(trial, path))).toContain(
        `Not collected: 2026-03-16T12:00Z to 2026-03-19T12:00Z in ${PLACE}.`,
      );
      expect(textOfHtml(await page(empty, path))).toContain('Not collected: nothing was collected yet.');
    },
  );

  it('is shown above an empty list, for the account to which the list is limited', async () => {
    const html = await page(
      whole,
      '/invocations?account=999999999999&requestedAfter=2026-03-10&requestedBefore=2026-03-20',
    );
    expect(textOfHtml(html)).toContain('Not collected: nothing of 2026-03-10 to 2026-03-20 in any account and region');
  });

  it('is shown before an evidence pack of the span is made', async () => {
    const html = await page(trial, '/evidence?requestedAfter=2026-03-10&requestedBefore=2026-03-25');
    expect(html.indexOf('Not collected: ')).toBeLessThan(html.indexOf('Make and download it'));
    expect(textOfHtml(html)).toContain('Not collected: 2026-03-16T12:00Z to 2026-03-19T12:00Z in');
  });

  it('is shown, where it has a gap, by hatching between the runs of a node or of a document, with a text for screen readers', async () => {
    const gap =
      'Between 2026-03-12T12:00Z and 2026-03-21T12:00Z not everything was collected, so there may be runs that are not shown here.';
    for (const path of [`/nodes/${SOURCE.accountId}/${SOURCE.region}/i-1`, '/documents/Doc']) {
      const html = await page(trial, path);
      const bars = /<svg class="bars"[\s\S]*?<\/svg>/.exec(html)?.[0] ?? '';
      expect(bars.match(/data-hatched/g)).toHaveLength(1);
      expect(bars).toContain(`<title>${gap}</title>`);
      const [, all = ''] = /<svg class="bars"([\s\S]*?)<\/svg>/.exec(await page(whole, path)) ?? [];
      expect(all).not.toContain('data-hatched');
    }
    expect(await page(trial, '/documents/Doc')).toContain(`<span class="cell hatched" role="img" title="${gap}"`);
  });

  it('is not drawn in a chart if the span is not understood', async () => {
    for (const path of [`/nodes/${SOURCE.accountId}/${SOURCE.region}/i-1`, '/documents/Doc']) {
      const html = await page(whole, `${path}?from=garbage`, 400);
      expect(html).toContain('<code>from</code> must be a date');
      expect(html).not.toContain('data-rows');
      expect(html).not.toContain('class="stack"');
    }
  });

  it('is shown on a command for the time in which nodes may have received it', async () => {
    const path = (days: number) => `/commands/${SOURCE.accountId}/${SOURCE.region}/c-${days}`;
    expect(textOfHtml(await page(whole, path(19)))).toContain(
      'Covered: all of 2026-03-12T12:00Z to 2026-03-14T12:00Z.',
    );
    await trial.record([{ CommandId: 'c-gap', InstanceId: 'i-1', RequestedDateTime: at(16) }]);
    const html = await page(trial, `/commands/${SOURCE.accountId}/${SOURCE.region}/c-gap`);
    expect(textOfHtml(html)).toContain('Not collected: 2026-03-16T12:00Z to 2026-03-17T12:00Z in');
  });
});

describe('an invocation that has not ended', async () => {
  const dead = { lookedAt: '2026-03-31 11:45:00' };
  await whole.record([
    {
      ...{ CommandId: 'c-open', InstanceId: 'i-9', RequestedDateTime: at(2), DocumentName: 'Open' },
      ...{ Status: 'InProgress', StatusDetails: 'InProgress' },
    },
  ]);

  it.each([
    [`/invocations/${SOURCE.accountId}/${SOURCE.region}/c-open/i-9`],
    [`/commands/${SOURCE.accountId}/${SOURCE.region}/c-open`],
    ['/reports/unfinished?as_of=now'],
    ['/'],
  ])('is shown with the time of the last pass: %s', async (path) => {
    expect(textOfHtml(await page(whole, path))).toContain(`As of ${dead.lookedAt} , 15 m 00 s ago`);
  });

  it('is shown without the time of the last pass once it has ended', async () => {
    const ended = `/invocations/${SOURCE.accountId}/${SOURCE.region}/c-1/i-1`;
    expect(textOfHtml(await page(whole, ended))).not.toContain(' ago');
  });
});
