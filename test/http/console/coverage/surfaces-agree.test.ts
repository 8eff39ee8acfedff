import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { daysAgo, NOW_MS } from '../../../archive/archive-with-passes.ts';
import { runHere } from '../../../cli/run-here.ts';
import { page, textOfHtml } from '../console-trial.ts';
import { collectedTrial, SETTLED_DAYS } from './coverage-trial.ts';

const Certificate = z.looseObject({ certificate: z.looseObject({ complete: z.boolean() }) });

// In the first archive, the edge ends 26 days before now.
const ARCHIVES = {
  collected: collectedTrial({ covers: [[28, SETTLED_DAYS]] }),
  'with a gap': collectedTrial({
    covers: [
      [28, 15],
      [12, SETTLED_DAYS],
    ],
  }),
  'with a missing source': collectedTrial({ covers: [[60, SETTLED_DAYS]], missingSince: 10 }),
  'not collected for a week': collectedTrial({ covers: [[28, 7]], passedDaysAgo: 7 }),
  empty: collectedTrial(),
};

/** The start and the end of each span, in days before now. The names describe the spans in the first archive. */
const SPANS = {
  'a month that was never collected': [90, 60],
  'a span that was collected in part': [40, 20],
  'a span that was collected completely': [20, 1],
  'a span that begins exactly at the end of an edge': [26, 20],
  'a span that begins within the edge': [27, 20],
  'a span around the gap of the second archive': [16, 11],
  'a span before any source was owed': [58, 45],
  'a span that ends with the last pass': [20, SETTLED_DAYS],
  'a span that ends in the future': [20, -2],
  'a span in the future': [-10, -40],
} as const;

const CASES = Object.entries(ARCHIVES).flatMap(([name, trial]) =>
  Object.entries(SPANS).map(([what, span]) => ({ name, trial, what, span })),
);

beforeAll(() => {
  vi.useFakeTimers({ now: NOW_MS, toFake: ['Date'] });
});
afterAll(() => {
  vi.useRealTimers();
});

describe('the console, REST, a certificate and the command line', () => {
  it.each(CASES)('agree about coverage in this archive and span: $name; $what', async ({ trial, span }) => {
    const [from, to] = span.map(daysAgo);
    const query = `from=${from}&to=${to}`;
    const { complete, items } = await trial.json(`/v1/coverage?${query}`);
    const text = textOfHtml(await page(trial, `/coverage?${query}`));
    expect(text.includes('(UTC): complete.')).toBe(complete);
    expect(/Complete from/.test(text)).toBe(
      z
        .array(z.object({ isComplete: z.boolean() }))
        .parse(items)
        .some((of) => of.isComplete),
    );

    const certified = await trial.app.request(`/v1/coverage/certificate?${query}&format=json`);
    // Without any account and region there is nothing to certify.
    if (certified.status === 200) expect(Certificate.parse(await certified.json()).certificate.complete).toBe(complete);
    else expect([certified.status, items]).toEqual([404, []]);

    const path = trial.db.sqlite.name;
    const args = ['coverage', '--from', String(from), '--to', String(to)];
    const called = await runHere(dirname(path), args, { SSM_ARCHIVE_DB: path });
    expect(called.exitCode, called.stderr).toBe(complete ? 0 : 1);
  });

  it('are compared for complete and for incomplete cases', async () => {
    const said = await Promise.all(
      Object.values(SPANS).map(async ([from, to]) => {
        const { complete } = await ARCHIVES.collected.json(`/v1/coverage?from=${daysAgo(from)}&to=${daysAgo(to)}`);
        return complete;
      }),
    );
    expect(said).toEqual([false, false, true, true, false, true, false, true, false, false]);
  });
});

describe('the console, the metrics and the command line', () => {
  it.each(Object.entries(ARCHIVES))(
    'agree about the coverage of everything that is owed, in this archive: %s',
    async (_, trial) => {
      const { complete } = await trial.json('/v1/coverage');
      const metrics = await (await trial.app.request('/metrics')).text();
      const soon = sumOf(metrics, 'uncollected_soon_forgotten_seconds');
      const overview = textOfHtml(await page(trial, '/'));
      const text = textOfHtml(await page(trial, '/coverage'));
      expect(text.includes('is below): complete.')).toBe(complete);
      expect(text.includes('is not collected.')).toBe(soon > 0);
      expect(/About to be lost nothing/.test(overview)).toBe(
        soon === 0 && !overview.includes('Nothing is collected yet'),
      );
      const path = trial.db.sqlite.name;
      const called = await runHere(dirname(path), ['coverage'], { SSM_ARCHIVE_DB: path });
      expect(called.exitCode).toBe(complete ? 0 : 1);
      // A missing source has a series, but no time up to which it is covered.
      expect(sumOf(metrics, 'source_missing')).toBe((text.match(/Missing since/g) ?? []).length);
      const until = sumOf(metrics, 'covered_until_timestamp_seconds');
      const [, shown] = /Complete from \S+ \S+ to (\S+ \S+)/.exec(text) ?? [];
      if (shown) expect(Date.parse(`${shown}Z`) / 1000).toBe(until);
    },
  );
});

/** The sum of all samples of a metric. */
function sumOf(metrics: string, name: string): number {
  return metrics
    .split('\n')
    .filter((line) => line.startsWith(`ssm_archive_${name}{`))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}
