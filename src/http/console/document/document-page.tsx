import type { DocumentDetail } from '../../../archive/nodes/get-document.ts';
import { RunBars } from '../parts/charts/run-bars.tsx';
import { type BucketCount, RunsChart } from '../parts/charts/runs-chart.tsx';
import { StatusCounts, worstStatus } from '../parts/charts/status-counts.tsx';
import { CoveredLine } from '../parts/coverage/covered-line.tsx';
import type { CoveredChart } from '../parts/coverage/read-covered-chart.ts';
import { gapBetween, type RunGaps } from '../parts/coverage/run-gaps.ts';
import { pathOfView } from '../parts/questions/read-view.ts';
import type { Buckets } from '../parts/range/buckets.ts';
import { RangeForm } from '../parts/range/range-form.tsx';
import type { Range } from '../parts/range/read-range.ts';
import { WholeFrom } from '../parts/sealed/whole-from.tsx';
import { pathOfCommand, pathOfDocument, pathOfInvocation, pathOfNode } from '../parts/values/paths.ts';
import { count, durationText, LastRun, Text, Time } from '../parts/values/values.tsx';
import { StatusGrid } from './status-grid.tsx';

export interface DocumentContent {
  document: DocumentDetail;
  nowMs: number;
  range: Range;
  buckets: Buckets;
  covered: CoveredChart;
  /** How much of the time between runs is collected. */
  gaps: RunGaps;
  counts: readonly BucketCount[];
  /** The first day from which the chart is whole; undefined if nothing can be missing. */
  wholeFrom: string | undefined;
}

/** `/documents/…`: one document, with its runs and nodes. */
export function DocumentPage({ document, nowMs, range, buckets, covered, gaps, counts, wholeFrom }: DocumentContent) {
  const { documentName, runs, nodes, nodesInAll } = document;
  const inTime = [...runs].reverse();
  return (
    <>
      <h1>
        <Text of={documentName} />
      </h1>
      <dl class="facts">
        <dt>Invocations</dt>
        <dd class="bar">
          <a href={pathOfView({ documentName })}>{count(document.invocations)}</a>
          <StatusCounts byStatus={document.byStatus} of={{ documentName }} />
        </dd>
        <dt>First, last</dt>
        <dd>
          {document.firstRequestedOn ?? '–'}, <LastRun at={document.lastRequestedAt} on={document.lastRequestedOn} />
        </dd>
      </dl>
      <h2>Runs over time</h2>
      <RangeForm range={range} path={pathOfDocument(documentName)} nowMs={nowMs} />
      <RunsChart
        zoomsTo={pathOfDocument(documentName)}
        buckets={buckets}
        counts={counts}
        covered={covered.buckets}
        within={{ documentName }}
      />
      <WholeFrom day={wholeFrom} what="This chart" />
      <CoveredLine covered={covered.line} />
      <WholeFrom day={document.wholeFrom} what="What follows" />
      <h2>How long its last {runs.length} runs took</h2>
      <p class="quiet">
        Each bar is a run: its height is the median over the nodes, the line above it the longest, its colour the worst
        status. A hatched space between two bars: not everything was collected there.
      </p>
      <RunBars
        gaps={gaps}
        title="The last runs, the oldest first"
        bars={inTime.map((run) => ({
          href: pathOfCommand(run),
          requestedAt: run.requestedAt,
          label: `${run.requestedAt ?? 'no time'}, ${count(run.invocations)} nodes`,
          status: worstStatus(run.byStatus),
          tookMs: run.medianMs,
          longestMs: run.longestMs,
        }))}
      />
      <h2>Runs</h2>
      <Runs document={document} />
      <h2>Nodes</h2>
      <StatusGrid
        caption={`How the last ${runs.length} runs ended, the oldest first${nodesInAll > nodes.length ? `, on ${nodes.length} of ${count(nodesInAll)} nodes: those with the most failures` : ''}`}
        corner="Node"
        gapsAfter={inTime.map((run, n) => gapBetween(gaps, run.requestedAt, inTime[n + 1]?.requestedAt ?? null))}
        columns={inTime.map((run) => (
          <a
            href={pathOfCommand(run)}
            aria-label={`${run.requestedAt?.slice(5, 10) ?? '–'}, run of ${run.requestedAt ?? 'no time'}`}
          >
            {run.requestedAt?.slice(5, 10) ?? '–'}
          </a>
        ))}
        rows={nodes.map((node) => ({
          head: (
            <>
              <a href={pathOfNode(node)}>
                <Text of={node.instanceId} />
              </a>{' '}
              <span class="quiet">{node.instanceName ? <Text of={node.instanceName} /> : null}</span>
            </>
          ),
          cells: inTime.map((run, n) => {
            const status = node.statuses[runs.length - 1 - n];
            if (status === null || status === undefined) return undefined;
            const key = { ...node, commandId: run.commandId };
            return { status, label: `${run.requestedAt ?? ''} on ${node.instanceId}`, href: pathOfInvocation(key) };
          }),
        }))}
      />
    </>
  );
}

function Runs({ document: { runs } }: { document: DocumentDetail }) {
  return (
    <section class="wide" tabindex={0} aria-label="Runs">
      <table data-rows>
        <thead>
          <tr>
            {['Requested', 'Nodes', 'Ended as', 'Median', 'Longest', 'Version', 'Account', 'Region', 'Comment'].map(
              (name) => (
                <th scope="col">{name}</th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr>
              <td class="when">
                <a href={pathOfCommand(run)}>
                  <Time at={run.requestedAt} />
                </a>
              </td>
              <td class="number">{count(run.invocations)}</td>
              <td>
                <StatusCounts
                  byStatus={run.byStatus}
                  of={{ account: run.accountId, region: run.region, commandId: run.commandId }}
                />
              </td>
              <td class="number">{durationText(run.medianMs)}</td>
              <td class="number">{durationText(run.longestMs)}</td>
              <td>
                <Text of={run.documentVersion} />
              </td>
              <td>
                <Text of={run.accountId} />
              </td>
              <td class="when">
                <Text of={run.region} />
              </td>
              <td>
                <Text of={run.comment} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
