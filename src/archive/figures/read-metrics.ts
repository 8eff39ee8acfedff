import type { Database } from 'better-sqlite3';
import { tileStore } from '../../ledger/tiles/tile-store.ts';
import { newestCheckpoint } from '../checkpoints/make-checkpoint.ts';
import { type SoonForgotten, soonForgotten } from '../coverage/soon-forgotten.ts';
import { sourceMetrics } from '../coverage/sources/source-metrics.ts';
import { lateLookMetrics } from '../looks/late-look-metrics.ts';
import { listCovered } from '../record/mark-covered.ts';
import type { Metric } from '../shared/metric.ts';
import { countRevisions } from './count-revisions.ts';
import { readLake } from './read-lake.ts';

/** The state of the archive in figures. No rows are counted, so a program may ask for the figures every few seconds. */
export function readMetrics(sqlite: Database, when: { nowMs: number; settlingMs: number }): Metric[] {
  const one = (name: string, help: string, value: number | undefined): Metric => ({
    ...{ name: `ssm_archive_${name}`, help },
    samples: value === undefined ? [] : [{ labels: {}, value }],
  });
  const number = (sql: string) => Number(sqlite.prepare(sql).pluck().get() ?? 0);
  const places = soonForgotten(sqlite, when);
  const of = (name: string, help: string, value: (place: (typeof places)[number]) => number | undefined): Metric => ({
    ...{ name: `ssm_archive_${name}`, help },
    samples: places.flatMap((place) => {
      const found = value(place);
      return found === undefined ? [] : [{ labels: labelsOf(place), value: found }];
    }),
  });
  const last = sqlite
    .prepare<[], { outcome: string; finishedAt: string }>(
      'SELECT outcome, finished_at AS finishedAt FROM runs WHERE finished_at IS NOT NULL ORDER BY id DESC LIMIT 1',
    )
    .get();
  // A pass whose process was killed has no end. The next pass marks it as interrupted.
  const outcome = sqlite
    .prepare<[], string>("SELECT outcome FROM runs WHERE outcome <> 'running' ORDER BY id DESC LIMIT 1")
    .pluck()
    .get();
  const checkpoint = newestCheckpoint(sqlite);
  const lake = readLake(sqlite);
  return [
    one('invocations', 'Invocations in the archive.', number('SELECT sum(invocations) FROM daily_counts')),
    one(
      'revisions',
      'Observed states in the archive file; those of sealed days are in the lake.',
      countRevisions(sqlite),
    ),
    one(
      'file_bytes',
      'Size of the archive file.',
      number('SELECT page_count * page_size FROM pragma_page_count, pragma_page_size'),
    ),
    one('last_pass_timestamp_seconds', 'When the last pass ended.', secondsOf(last?.finishedAt)),
    one(
      'last_pass_complete',
      'Whether the last pass collected all sources (1) or not (0).',
      outcome === undefined ? undefined : Number(outcome === 'complete'),
    ),
    one('ledger_leaves', 'Leaves of the ledger.', tileStore(sqlite).size()),
    one('ledger_checkpoint_leaves', 'Leaves of the ledger that its newest checkpoint covers.', checkpoint?.size ?? 0),
    one('ledger_checkpoint_timestamp_seconds', 'When the newest checkpoint was signed.', secondsOf(checkpoint?.madeAt)),
    ...sourceMetrics(sqlite),
    of(
      'covered_until_timestamp_seconds',
      'End of the newest span of requested time that is listed completely.',
      (place) => {
        const { accountId, region } = place;
        const newest =
          accountId === null || region === null ? undefined : listCovered(sqlite, { accountId, region }).at(-1);
        return newest && newest.to / 1000;
      },
    ),
    of(
      'unfinished_soon_forgotten',
      'Invocations that had not ended when last seen, and that the service forgets within 72 hours.',
      ({ unfinished }) => unfinished,
    ),
    of(
      'uncollected_soon_forgotten_seconds',
      'Length of the requested time that is not collected and that the service forgets within 72 hours.',
      ({ uncollected }) =>
        uncollected.reduce((sum, { from, to }) => sum + (Date.parse(to) - Date.parse(from)) / 1000, 0),
    ),
    ...lateLookMetrics(sqlite),
    one('lake_days', 'Days that are sealed.', lake?.days ?? 0),
    one('lake_invocations', 'Invocations that are in the lake alone.', lake?.invocations ?? 0),
    one('lake_bytes', 'Size of the objects of sealed days in the lake.', lake?.bytes ?? 0),
    one(
      'lake_floor_timestamp_seconds',
      'Beginning of the first day that was never sealed.',
      secondsOf(lake && `${lake.floor}T00:00:00.000Z`),
    ),
  ];
}

/** If the account or region of a source is not known yet, the source's name is a label too. */
function labelsOf({ alias, accountId, region }: SoonForgotten): Record<string, string> {
  return { ...(alias !== undefined && { source: alias }), account: accountId ?? '', region: region ?? '' };
}

function secondsOf(iso: string | undefined): number | undefined {
  return iso === undefined ? undefined : Date.parse(iso) / 1000;
}
