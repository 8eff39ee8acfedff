import type { InstanceDetail } from '../../../archive/nodes/get-instance.ts';
import type { RecentRun } from '../../../archive/nodes/list-recent-runs.ts';
import { RunBars } from '../parts/charts/run-bars.tsx';
import { type BucketCount, RunsChart } from '../parts/charts/runs-chart.tsx';
import { CoveredLine } from '../parts/coverage/covered-line.tsx';
import type { CoveredChart } from '../parts/coverage/read-covered-chart.ts';
import type { RunGaps } from '../parts/coverage/run-gaps.ts';
import { InvocationTable } from '../parts/questions/invocation-table.tsx';
import { pathOfView } from '../parts/questions/read-view.ts';
import { ViewLink } from '../parts/questions/view-link.tsx';
import type { Buckets } from '../parts/range/buckets.ts';
import { RangeForm } from '../parts/range/range-form.tsx';
import type { Range } from '../parts/range/read-range.ts';
import { WholeFrom } from '../parts/sealed/whole-from.tsx';
import { pathOfDocument, pathOfInvocation, pathOfNode } from '../parts/values/paths.ts';
import { count, Text, Time } from '../parts/values/values.tsx';

export interface NodeContent {
  node: InstanceDetail;
  /** The last runs of each document, the oldest first. */
  recent: readonly RecentRun[];
  nowMs: number;
  range: Range;
  buckets: Buckets;
  covered: CoveredChart;
  /** How much of the time between runs is collected. */
  gaps: RunGaps;
  counts: readonly BucketCount[];
  /** The first day from which numbers, names and charts are whole; undefined if nothing can be missing. */
  wholeFrom: string | undefined;
}

/** `/nodes/…`: what ran on one node. */
export function NodePage({ node, recent, nowMs, range, buckets, covered, gaps, counts, wholeFrom }: NodeContent) {
  const { accountId, region, instanceId, names, documents, items, next } = node;
  return (
    <>
      <h1>
        <Text of={instanceId} />
      </h1>
      <dl class="facts">
        <dt>Account, region</dt>
        <dd>
          <Text of={accountId} /> <Text of={region} />
        </dd>
        <dt>Called</dt>
        <dd>
          <Text of={names.join(', ')} />
        </dd>
        <dt>Invocations</dt>
        <dd>{count(node.invocations)}</dd>
      </dl>
      <WholeFrom day={wholeFrom} what="All of this page but its list of invocations" />
      <h2>Runs over time</h2>
      <RangeForm range={range} path={pathOfNode(node)} nowMs={nowMs} />
      <RunsChart
        zoomsTo={pathOfNode(node)}
        buckets={buckets}
        counts={counts}
        covered={covered.buckets}
        within={{ account: accountId, region, instanceId }}
      />
      <CoveredLine covered={covered.line} />
      <h2>Documents</h2>
      <section class="wide" tabindex={0} aria-label="Documents">
        <table data-rows>
          <caption>
            Each bar is a run, the oldest first: its height is how long it took (each step is ten times longer), its
            colour how it ended. A hatched space between two bars: not everything was collected there.
          </caption>
          <thead>
            <tr>
              <th scope="col">Document</th>
              <th scope="col" class="number">
                Runs
              </th>
              <th scope="col">Last</th>
              <th scope="col">The last of them</th>
            </tr>
          </thead>
          <tbody>
            {documents.map(({ documentName, invocations, lastRequestedAt }) => (
              <tr>
                <td class="id">
                  <ViewLink of={{ account: accountId, region, instanceId, documentName }}>
                    <Text of={documentName} />
                  </ViewLink>{' '}
                  {documentName && (
                    <a class="quiet" href={pathOfDocument(documentName)}>
                      on all nodes
                    </a>
                  )}
                </td>
                <td class="number">{count(invocations)}</td>
                <td class="when">
                  <Time at={lastRequestedAt} />
                </td>
                <td>
                  <RunBars
                    gaps={gaps}
                    title={`The last runs of ${documentName ?? 'no document'}`}
                    bars={recent
                      .filter((run) => run.documentName === documentName)
                      .map((run) => ({
                        href: pathOfInvocation({ accountId, region, instanceId, commandId: run.commandId }),
                        requestedAt: run.requestedAt,
                        label: run.requestedAt ?? 'no time',
                        status: run.status,
                        tookMs: run.tookMs,
                      }))}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <h2>The newest</h2>
      <InvocationTable items={items} />
      {next !== undefined && (
        <p>
          <a href={pathOfView({ account: accountId, region, instanceId })}>All of them</a>
        </p>
      )}
    </>
  );
}
