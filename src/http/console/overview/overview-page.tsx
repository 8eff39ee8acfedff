import type { LastLook } from '../../../archive/coverage/last-looks.ts';
import type { SourceCoverage } from '../../../archive/coverage/read-coverage.ts';
import type { SoonForgotten } from '../../../archive/coverage/soon-forgotten.ts';
import type { InvocationView } from '../../../archive/invocations/invocation-view.ts';
import { visibleText } from '../../../lib/text/visible-text.ts';
import { NOT_SUCCEEDED } from '../../../model/final-status.ts';
import { type BucketCount, RunsChart } from '../parts/charts/runs-chart.tsx';
import { AboutToBeLost, aboutToBeLost, isAboutToBeLost } from '../parts/coverage/about-to-be-lost.tsx';
import { AsOf, agoText, ranForMs } from '../parts/coverage/as-of.tsx';
import { CoveredLine } from '../parts/coverage/covered-line.tsx';
import { pathOfCoverage } from '../parts/coverage/path-of-coverage.ts';
import type { CoveredChart } from '../parts/coverage/read-covered-chart.ts';
import { isAllComplete } from '../parts/coverage/verdict.tsx';
import { pathOfView } from '../parts/questions/read-view.ts';
import { ViewLink } from '../parts/questions/view-link.tsx';
import type { Buckets } from '../parts/range/buckets.ts';
import { RangeForm } from '../parts/range/range-form.tsx';
import { type Range, shortTime } from '../parts/range/read-range.ts';
import { WholeFrom } from '../parts/sealed/whole-from.tsx';
import { pathOfDocument, pathOfInvocation } from '../parts/values/paths.ts';
import { Unsigned } from '../parts/values/unsigned.tsx';
import { count, durationText, Status, Text, Time } from '../parts/values/values.tsx';
import type { LastPass } from './first-run-page.tsx';

/** The texts of verdicts. Only `intact`, which needs a key or checkpoint from outside, may sound like success. */
const VERDICTS = { intact: 'intact', consistent: 'signer not checked', 'not-intact': 'NOT INTACT' } as const;

export interface OverviewContent {
  nowMs: number;
  range: Range;
  buckets: Buckets;
  counts: readonly BucketCount[];
  /** Documents with their number of runs that did not succeed; the document with the most such runs first. */
  failing: readonly { documentName: string | null; count: number }[];
  running: readonly InvocationView[];
  /** When the archive last looked at each account and region. */
  looks: readonly LastLook[];
  /** The requested span, in ISO times. If it is empty, the coverage is of everything that is owed. */
  asked: { from?: string; to?: string };
  coverage: readonly SourceCoverage[];
  /** How much of the shown span has been collected. */
  covered: CoveredChart;
  /** What the service will soon forget. */
  soon: readonly SoonForgotten[];
  lastPass: LastPass | undefined;
  checkpoint: { size: number; madeAt: string } | undefined;
  verified: { verdict: 'intact' | 'consistent' | 'not-intact'; completedAt: string } | undefined;
  /** A sentence that says why the ledger is no longer signed; undefined if it is signed. */
  unsigned: string | undefined;
  /** The first day from which the chart is whole; undefined if nothing can be missing. */
  wholeFrom: string | undefined;
}

/** `/`: the state of the whole archive, and links to the other pages. */
export function OverviewPage(content: OverviewContent) {
  const { nowMs, range, buckets, counts, covered, failing, running, looks, soon, unsigned, wholeFrom } = content;
  const span = spanOf(range);
  return (
    <>
      <h1>Overview</h1>
      <Unsigned fault={unsigned} />
      <Tiles {...content} />
      {isAboutToBeLost(soon) && <AboutToBeLost soon={soon} />}
      <h2>Runs</h2>
      <RangeForm range={range} path="/" nowMs={nowMs} />
      <RunsChart buckets={buckets} counts={counts} covered={covered.buckets} zoomsTo="/" />
      <WholeFrom day={wholeFrom} what="This chart" />
      <CoveredLine covered={covered.line} />
      <div class="columns">
        <section>
          <h2>What runs now</h2>
          <AsOf looks={looks} nowMs={nowMs} />
          {running.length === 0 ? (
            <p class="quiet">Nothing is known to run.</p>
          ) : (
            <ul class="rows">
              {running.map((row) => (
                <li>
                  <a href={pathOfInvocation(row)}>
                    <Text of={row.documentName} /> on <Text of={row.instanceId} />
                  </a>{' '}
                  <Status status={row.status} details={row.statusDetails} /> <RanFor row={row} looks={looks} />
                </li>
              ))}
            </ul>
          )}
        </section>
        <section>
          <h2>What did not succeed, by document</h2>
          {failing.length === 0 ? (
            <p class="quiet">{noFailures(counts, covered, wholeFrom)}</p>
          ) : (
            <ol class="rows">
              {failing.map(({ documentName, count: n }) => (
                <li>
                  {documentName ? (
                    <a href={pathOfDocument(documentName)}>
                      <Text of={documentName} />
                    </a>
                  ) : (
                    'no document'
                  )}{' '}
                  <ViewLink
                    of={{ documentName, ...span, status: NOT_SUCCEEDED.join(',') }}
                    class="count"
                    label={`${count(n)} runs that did not succeed`}
                  >
                    {count(n)}
                  </ViewLink>
                </li>
              ))}
            </ol>
          )}
        </section>
      </div>
    </>
  );
}

function RanFor({ row, looks }: { row: InvocationView; looks: readonly LastLook[] }) {
  const ms = ranForMs(row, looks);
  if (ms === undefined) return null;
  return (
    <span class="quiet one-line" title={row.requestedAt ?? undefined}>
      for {durationText(ms)}
    </span>
  );
}

/** The nodes with the most runs in the span. The rest of the page is shown while they are still being counted. */
export function BusiestNodes(props: {
  range: Range;
  covered: CoveredChart;
  /** The first day from which the nodes are whole; undefined if nothing can be missing. */
  wholeFrom: string | undefined;
  nodes: readonly { instanceId: string; count: number }[] | undefined;
}) {
  const { range, covered, wholeFrom, nodes } = props;
  return (
    <section>
      <h2>Busiest nodes</h2>
      <WholeFrom day={nodes && wholeFrom} what="This list" />
      {nodes === undefined && (
        <p class="quiet">Counting these takes longer than this page may take: choose a shorter span.</p>
      )}
      {nodes?.length === 0 && <p class="quiet">{nothingRan(covered, wholeFrom)}</p>}
      {nodes && nodes.length > 0 && (
        <ol class="rows">
          {nodes.map(({ instanceId, count: n }) => (
            <li>
              <a href={pathOfView({ instanceId, ...spanOf(range) })}>
                <Text of={instanceId} />
              </a>{' '}
              {n === 1 ? '1 run' : `${count(n)} runs`}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

/** The range in the form of the fields on the page of invocations. */
function spanOf({ fromMs, beforeMs }: Range) {
  return { requestedAfter: shortTime(fromMs), requestedBefore: shortTime(beforeMs) };
}

function Tiles(content: OverviewContent) {
  const { nowMs, range, counts, asked, coverage, soon, lastPass, checkpoint, verified, wholeFrom } = content;
  const total = counts.reduce((sum, one) => sum + one.count, 0);
  return (
    <ul class="tiles">
      <li>
        <span class="quiet">Invocations in this span</span>
        <a class="figure" href={pathOfView(spanOf(range))}>
          {count(total)}
        </a>
        {wholeFrom !== undefined && <span class="quiet">without some of days before {wholeFrom}</span>}
      </li>
      <li>
        <span class="quiet">Coverage</span>
        <a class="figure" href={pathOfCoverage(asked)}>
          {coverageText(coverage)}
        </a>
        <span class="quiet">{missingText(coverage)}</span>
        <JudgedSpan coverage={coverage} />
      </li>
      <li>
        <span class="quiet">About to be lost</span>
        <a class="figure" href="/coverage#about-to-be-lost">
          {aboutToBeLost(soon)}
        </a>
      </li>
      <li>
        <span class="quiet">Integrity</span>
        <a class="figure" href="/integrity">
          {verified === undefined ? 'not verified yet' : VERDICTS[verified.verdict]}
        </a>
        <span class="quiet">
          {verified ? (
            <>
              <Time at={verified.completedAt} />, {agoText(verified.completedAt, nowMs)}
            </>
          ) : checkpoint ? (
            `${count(checkpoint.size)} leaves signed`
          ) : (
            ''
          )}
        </span>
      </li>
      <li>
        <span class="quiet">Last pass</span>
        <a class="figure" href="/collector">
          {lastPass?.outcome ?? 'none yet'}
        </a>
        {lastPass && (
          <span class="quiet">
            <Time at={lastPass.finishedAt ?? lastPass.startedAt} />,{' '}
            {agoText(lastPass.finishedAt ?? lastPass.startedAt, nowMs)}
          </span>
        )}
      </li>
    </ul>
  );
}

/**
 * The span for the verdict beside it. If coverage is complete, this is the part that all accounts and regions have in
 * common: before this part, later invocations of earlier commands may be missing. Otherwise it is the whole judged
 * span.
 */
function JudgedSpan({ coverage }: { coverage: readonly SourceCoverage[] }) {
  const spans = coverage.map(({ span }) => span);
  const from = spans.map((span) => span.from).sort();
  const to = spans.map((span) => span.to).sort();
  const [first, last] = isAllComplete(coverage) ? [from.at(-1), to[0]] : [from[0], to.at(-1)];
  if (first === undefined || last === undefined || first >= last) return null;
  return (
    <span class="quiet">
      from <Time at={first} /> to <Time at={last} />
    </span>
  );
}

/** The sentence if some days of the span are in the lake, where nothing was counted. */
const NONE_COUNTED = 'None of what was counted.';

/** The sentence if no run failed. Runs that have not ended, or have an unknown status, do not count as succeeded. */
function noFailures(counts: readonly BucketCount[], covered: CoveredChart, wholeFrom: string | undefined): string {
  if (counts.length === 0) return nothingRan(covered, wholeFrom);
  if (wholeFrom !== undefined) return NONE_COUNTED;
  return counts.every(({ status }) => status === 'Success')
    ? isAllKnown(covered)
      ? 'Everything succeeded.'
      : 'Everything that was collected succeeded.'
    : `Nothing${isAllKnown(covered) ? '' : ' that was collected'} failed, timed out or was cancelled.`;
}

/** The sentence if no runs are known. In time that was not collected, something may have run. */
function nothingRan(covered: CoveredChart, wholeFrom: string | undefined): string {
  if (wholeFrom !== undefined) return NONE_COUNTED;
  return isAllKnown(covered) ? 'Nothing ran in this span.' : 'Nothing that was collected ran in this span.';
}

function isAllKnown({ line: { coverage } }: CoveredChart): boolean {
  return coverage?.state === 'complete';
}

/** The text of the tile. If no source is owed, the coverage does not count as complete. */
function coverageText(coverage: readonly SourceCoverage[]): string {
  const incomplete = coverage.filter(({ isComplete }) => !isComplete).length;
  if (coverage.length === 0) return 'nothing collected';
  return isAllComplete(coverage) ? 'complete' : `${incomplete} of ${coverage.length} not complete`;
}

function missingText(coverage: readonly SourceCoverage[]): string {
  const names = coverage.flatMap(({ alias }) => (alias === undefined ? [] : [visibleText(alias)]));
  return names.length === 0 ? '' : `missing: ${names.join(', ')}`;
}
