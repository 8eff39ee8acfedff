import { setMaxListeners } from 'node:events';
import type { Logger } from '../../lib/logger.ts';
import { DAY_MS } from '../../lib/time.ts';
import type { ReportDelivery } from '../../questions/reports/report.ts';
import { type DeliverReportDeps, deliverReport } from './deliver-report.ts';
import { removeLeftovers } from './remove-leftovers.ts';

export interface DeliveriesDeps extends DeliverReportDeps {
  log: Logger;
  /** Calls `turn` at the times of the cron expression, never two at a time. */
  schedule(expression: string, name: string, turn: () => Promise<void>): { stop(): Promise<void> };
}

export interface Deliveries {
  /** Gives up the file that is being written, removes it, and begins no other. */
  stop(): Promise<void>;
}

/** Writes each report by its schedule, after removing the files that a killed server has left in its folder. */
export async function startDeliveries(
  deps: DeliveriesDeps,
  deliveries: readonly ReportDelivery[],
): Promise<Deliveries> {
  const { log, owner, now, deadlineMs } = deps;
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);

  for (const directory of new Set(deliveries.map((delivery) => delivery.directory))) {
    try {
      const removed = await removeLeftovers(directory, { owner, now: now(), longestMs: deadlineMs + DAY_MS });
      if (removed.length > 0) log.warn({ directory, removed }, 'Removed reports that were not completely written.');
    } catch (error) {
      log.error({ err: error, directory }, 'The folder of a report cannot be read.');
    }
  }

  async function deliver(delivery: ReportDelivery): Promise<void> {
    const { report, directory } = delivery;
    const startedAt = performance.now();
    try {
      const { file, rows, bytes } = await deliverReport(deps, delivery, stopping.signal);
      const elapsedMs = Math.round(performance.now() - startedAt);
      log.info({ report, directory, file, rows, bytes, elapsedMs }, 'A report was written.');
    } catch (error) {
      if (stopping.signal.aborted) log.warn({ report, directory }, 'A report was given up because the server stops.');
      else log.error({ err: error, report, directory }, 'A report could not be written.');
    }
  }

  const schedules = deliveries.map((delivery) =>
    deps.schedule(delivery.schedule, `report ${delivery.report}`, () => deliver(delivery)),
  );
  return {
    async stop() {
      stopping.abort();
      await Promise.all(schedules.map((schedule) => schedule.stop()));
    },
  };
}
