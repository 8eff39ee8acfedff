import type { Child } from 'hono/jsx';
import { ifInTime } from '../../../../processes/pool/if-in-time.ts';
import type { Report } from '../../../../questions/reports/report.ts';
import { askedParameters } from '../../../../reports/asked-parameters.ts';
import { type ConsoleContext, type ConsoleDeps, readOptions } from '../../console-deps.ts';
import { NeverSeen } from './never-seen.tsx';
import { pathWith } from './path-without.ts';

const DEADLINE_MS = 2000;

/**
 * Shown above the rows of a report: the values of its filters that the archive does not have. `values` are the values
 * with which the report is run.
 */
export async function neverSeenOfReport(
  c: ConsoleContext,
  { readers, configured, settlingMs, now }: ConsoleDeps,
  { report, values }: { report: Report; values: Readonly<Record<string, unknown>> },
): Promise<Child> {
  const parameters = askedParameters(report, values);
  if (parameters.length === 0) return null;
  const question = { parameters, configured, settlingMs, nowMs: now().getTime() };
  const explained = await ifInTime(readers.read('explainReport', question, readOptions(c, DEADLINE_MS)));
  return (
    <>
      {explained?.unseen.map((unseen) => (
        <NeverSeen unseen={[unseen]} pathOf={(_, value) => pathWith(c.req.url, unseen.parameter, value)} />
      ))}
    </>
  );
}
