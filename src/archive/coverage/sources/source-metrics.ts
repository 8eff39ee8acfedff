import type { Database } from 'better-sqlite3';
import type { Metric } from '../../shared/metric.ts';
import { lastPassOf } from './last-pass.ts';
import { listMissing, listUnknown } from './list-missing.ts';
import { listOwed } from './list-owed.ts';

/** One series for each owed source, so that an alert can fire before anything was collected. */
export function sourceMetrics(sqlite: Database): Metric[] {
  const missing = new Set(listMissing(sqlite).map(sourceKey));
  const owed = [...listOwed(sqlite), ...listUnknown(sqlite)].filter(({ endedAt }) => endedAt === null);
  const sources = [...new Map(owed.map((source) => [sourceKey(source), source])).values()];
  const of = (name: string, help: string, value: (source: (typeof sources)[number]) => number | undefined): Metric => ({
    ...{ name: `ssm_archive_source_${name}`, help },
    samples: sources.flatMap((source) => {
      const found = value(source);
      const { alias, accountId, region } = source;
      return found === undefined
        ? []
        : [{ labels: { source: alias, account: accountId ?? '', region: region ?? '' }, value: found }];
    }),
  });
  return [
    of('missing', '1 if a source is owed and was never collected, 0 if it was collected.', (source) =>
      Number(missing.has(sourceKey(source))),
    ),
    of('last_pass_complete', '1 if the last pass over a source collected it completely, 0 if not.', (source) => {
      const last = lastPassOf(sqlite, source);
      return last && Number(last.outcome === 'complete');
    }),
  ];
}

function sourceKey(source: { alias: string; accountId: string | null; region: string | null }): string {
  return JSON.stringify([source.alias, source.accountId, source.region]);
}
