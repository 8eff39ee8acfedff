import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../../src/lib/time.ts';
import { daysAgo, NOW_MS } from '../../../archive/archive-with-passes.ts';
import { SOURCE } from '../../../archive/raw-invocation.ts';
import { page, textOfHtml } from '../console-trial.ts';
import { collectedTrial, SETTLED_DAYS } from './coverage-trial.ts';

const NEVER = `from=2025-11-01&to=2025-12-01`;
const trial = collectedTrial({ covers: [[28, SETTLED_DAYS]] });
const ran = collectedTrial({ covers: [[28, SETTLED_DAYS]] });
const dead = collectedTrial({ covers: [[40, 8]], passedDaysAgo: 8 });
const owed = collectedTrial({ covers: [], missingSince: 5 });

/** The links of a page to a path, as a browser would follow them. */
const linksTo = (html: string, path: string) =>
  [...html.matchAll(/href="([^"]*)"/g)]
    .map(([, href = '']) => href.replaceAll('&amp;', '&'))
    .filter((href) => href.startsWith(path));

describe('the coverage page of a span', () => {
  it('says that a month was never collected, hatches all of its days, and shows no other days', async () => {
    const html = await page(trial, `/coverage?${NEVER}`);
    expect(textOfHtml(html)).toContain(
      'The span 2025-11-01 to 2025-12-01 (UTC): not complete in 1 of 1 account and region.',
    );
    expect(textOfHtml(html)).toContain('Not collected: nothing from 2025-11-01 00:00:00 to 2025-12-01 00:00:00');
    expect(html).not.toMatch(/class="note good"/);
    expect(html.match(/title="2025-11-\d\d: not collected"/g)).toHaveLength(30);
    expect(html.match(/class="day [a-z]+"/g)).toHaveLength(30);
  });

  it('links to the certificates of that span: one for each account and region, and one for all together', async () => {
    const links = linksTo(await page(trial, `/coverage?${NEVER}`), '/v1/coverage/certificate');
    expect(links).toHaveLength(2);
    for (const link of links) {
      const query = new URL(link, 'http://here').searchParams;
      expect([query.get('from'), query.get('to')]).toEqual(['2025-11-01T00:00:00.000Z', '2025-12-01T00:00:00.000Z']);
      const note = await (await trial.app.request(link)).text();
      expect(note).toContain('"complete":false');
      expect(note).toContain('"asked":{"accountId"');
    }
  });

  it('names the span of its verdict if no span is asked for, and draws the days before the first pass as not collected', async () => {
    const html = await page(trial, '/coverage');
    expect(textOfHtml(html)).toMatch(/Complete from 2026-03-05 12:00:00 to 2026-03-31 11:45:00/);
    expect(html).toContain('title="2026-02-28: not collected"');
    expect(html).toContain('title="2026-03-03: partly collected"');
    expect(html).toContain('title="2026-03-20: complete"');
  });

  it('shows months instead of days if there are too many days, and its verdict is for the whole span', async () => {
    const html = await page(trial, '/coverage?from=2024-01-01&to=2026-03-20');
    expect(textOfHtml(html)).toContain('(UTC): not complete');
    expect(html).toContain('title="2024-01: not collected"');
    expect(html).toContain('title="2026-03: partly collected"');
    expect(linksTo(html, '/coverage?from=2024-01-01&to=2024-02-01')).toHaveLength(1);
  });

  it('says nothing about a span that is not understood', async () => {
    const html = await page(trial, '/coverage?from=garbage', 400);
    expect(textOfHtml(html)).toMatch(/From \(UTC\) from must be a date.* not "garbage"\. The same page without it/);
    expect(html).not.toContain('certificate');
    expect(textOfHtml(html)).not.toMatch(/[Cc]omplete from/);
  });

  it('draws the days of a source that is missing', async () => {
    const html = await page(owed, '/coverage');
    expect(html).toMatch(/<span class="day gap" role="img" title="2026-03-10: not collected"/);
  });
});

describe('the overview of a span', () => {
  it('says that most of a year was not collected, in its tile, in its chart and below the chart', async () => {
    const html = await page(trial, '/?from=2025-04-01&to=2026-03-31');
    const text = textOfHtml(html);
    expect(text).toMatch(/Coverage 1 of 1 not complete from 2025-04-01 00:00:00 to 2026-03-31 00:00:00/);
    expect(linksTo(html, '/coverage?from=2025-04-01&to=2026-03-31').length).toBeGreaterThan(1);
    expect(text).toContain('2025-04-01: 0 succeeded, 0 did not succeed, 0 not ended; not collected');
    expect(text).toContain('2026-03-01: 0 succeeded, 0 did not succeed, 0 not ended; not completely collected');
    expect(html.match(/data-hatched/g)).toHaveLength(12);
    expect(text).toContain('not collected, or only in part');
    expect(text).toContain(`Not collected: 2025-04-01 to 2026-03-03T12:00Z in ${SOURCE.accountId} ${SOURCE.region}.`);
    expect(text).toMatch(/ 7 % of 2025-04-01 to 2026-03-31 is covered\./);
  });

  it('says "nothing ran" and "all succeeded" only about what was collected', async () => {
    const never = textOfHtml(await page(trial, `/?${NEVER}`));
    expect(never).toContain('What did not succeed, by document Nothing that was collected ran in this span.');
    expect(never).toContain('Busiest nodes Nothing that was collected ran in this span.');
    const all = textOfHtml(await page(trial, '/?from=2026-03-10&to=2026-03-11'));
    expect(all).toContain('What did not succeed, by document Nothing ran in this span.');
    expect(all).toContain('Busiest nodes Nothing ran in this span.');
    await ran.record([{ RequestedDateTime: Date.parse('2026-03-11T00:00:00Z') / 1000 }]);
    const succeeded = async (span: string) => textOfHtml(await page(ran, `/?${span}`));
    const part = await succeeded('from=2026-02-20&to=2026-03-12');
    expect(part).toContain('What did not succeed, by document Everything that was collected succeeded.');
    expect(part).not.toContain('Everything succeeded.');
    expect(await succeeded('from=2026-03-10&to=2026-03-12')).toContain(
      'What did not succeed, by document Everything succeeded.',
    );
  });

  it('hatches nothing in a span that is covered, and says that it is covered', async () => {
    const html = await page(trial, '/?from=2026-03-10&to=2026-03-20');
    expect(html).not.toContain('data-hatched');
    expect(textOfHtml(html)).toContain('Covered: all of 2026-03-10 to 2026-03-20.');
    expect(textOfHtml(html)).toMatch(/Coverage complete from 2026-03-10 00:00:00 to 2026-03-20 00:00:00/);
  });

  it('does not hatch the current day while passes are running', async () => {
    const html = await page(trial, '/?from=2026-03-20');
    expect(html).not.toContain('data-hatched');
    expect(textOfHtml(html)).toContain('2026-03-31: 0 succeeded, 0 did not succeed, 0 not ended; not over yet');
  });

  it('says nothing about a span that is not understood', async () => {
    const html = await page(trial, '/?from=garbage', 400);
    expect(textOfHtml(html)).toMatch(/From \(UTC\) from must be a date.* not "garbage"\. The same page without it/);
    expect(html).not.toContain('class="tiles"');
  });
});

describe('if the collector has been dead for a week', () => {
  it('the list of what runs now shows the time of the last pass, and durations are counted up to that time', async () => {
    await dead.record([
      { Status: 'InProgress', StatusDetails: 'InProgress', RequestedDateTime: (NOW_MS - 8 * DAY_MS) / 1000 - 120 },
    ]);
    const text = textOfHtml(await page(dead, '/'));
    expect(text).toMatch(
      /What runs now As of 2026-03-23 12:00:00 , 8 d 00 h ago\. What is shown here may have ended since/,
    );
    expect(text).toMatch(/InProgress for 2 m 00 s/);
    expect(text).toMatch(/Last pass complete 2026-03-23 12:00:00 , 8 d 00 h ago/);
  });

  it('the list of what is about to be lost is on the overview and on the coverage page', async () => {
    const lost = new RegExp(`About to be lost.* ${SOURCE.accountId} ${SOURCE.region}: 2026-03-2`);
    for (const path of ['/', '/coverage']) {
      const text = textOfHtml(await page(owed, path));
      expect(text).toMatch(/About to be lost The service forgets this within 72 hours.*denied: 2026-03-01/);
    }
    expect(textOfHtml(await page(dead, '/coverage'))).not.toMatch(lost);
  });

  it('the days since the last pass are drawn as not collected on the chart of the overview', async () => {
    const html = await page(dead, '/?from=2026-03-20');
    expect(html.match(/data-hatched/g)).toHaveLength(9);
    expect(textOfHtml(html)).toContain(
      `Not collected: ${daysAgo(8).slice(0, 16)}Z to 2026-03-31T11:45Z in ${SOURCE.accountId}`,
    );
  });
});

describe('a printed page', () => {
  it.each(['/', '/coverage', '/invocations', '/collector'])(
    'states the address %s, when it was printed, and the zone of its times',
    async (path) => {
      const html = await page(trial, path);
      const [, footer = ''] = /<footer class="on-paper">([\s\S]*?)<\/footer>/.exec(html) ?? [];
      expect(textOfHtml(footer)).toContain(
        `localhost${path}. Printed as of 2026-03-31 12:00:00 (2026-03-31T12:00:00.000Z).`,
      );
      expect(textOfHtml(footer)).toContain('Times are in the time zone UTC');
      const berlin = await page(trial, path, 200, {
        headers: { cookie: 'ssm_archive_display=zone%3DEurope%252FBerlin' },
      });
      const [, there = ''] = /<footer class="on-paper">([\s\S]*?)<\/footer>/.exec(berlin) ?? [];
      expect(textOfHtml(there)).toContain('Printed as of 2026-03-31 14:00:00');
      expect(textOfHtml(there)).toContain('time zone Europe/Berlin');
    },
  );

  it('shows its span as text, because form fields show it only on a screen', async () => {
    const html = await page(trial, `/coverage?${NEVER}`);
    expect(textOfHtml(html)).toContain('Span: from 2025-11-01 to before 2025-12-01 (UTC).');
  });
});
