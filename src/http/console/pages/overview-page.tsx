import type { InvocationView } from '../../../archive/invocation-view.ts';
import type { SourceCoverage } from '../../../archive/read-coverage.ts';
import type { SoonForgotten } from '../../../archive/soon-forgotten.ts';
import { NOT_SUCCEEDED } from '../../../lib/final-status.ts';
import { visibleText } from '../../../lib/visible-text.ts';
import { aboutToBeLost } from '../parts/about-to-be-lost.tsx';
import type { Buckets } from '../parts/buckets.ts';
import { pathOfDocument, pathOfInvocation } from '../parts/paths.ts';
import { RangeForm } from '../parts/range-form.tsx';
import { type Range, shortTime } from '../parts/read-range.ts';
import { pathOfView } from '../parts/read-view.ts';
import { type BucketCount, RunsChart } from '../parts/runs-chart.tsx';
import { Unsigned } from '../parts/unsigned.tsx';
import { count, durationText, Status, Text, Time } from '../parts/values.tsx';

interface LastPass {
  outcome: string;
  startedAt: string;
  finishedAt: string | null;
  sources: readonly { alias: string; region: string; error: string | null }[];
}

/** The one that was earned by something from outside is the only one that reads as success. */
const VERDICTS = { intact: 'intact', consistent: 'signer not checked', 'not-intact': 'NOT INTACT' } as const;

export interface OverviewContent {
  nowMs: number;
  range: Range;
  buckets: Buckets;
  counts: readonly BucketCount[];
  /** Documents by how many of their runs did not succeed, the most first. */
  failing: readonly { documentName: string | null; count: number }[];
  running: readonly InvocationView[];
  coverage: readonly SourceCoverage[];
  /** What the service forgets soon. */
  soon: readonly SoonForgotten[];
  lastPass: LastPass | undefined;
  checkpoint: { size: number; madeAt: string } | undefined;
  verified: { verdict: 'intact' | 'consistent' | 'not-intact'; completedAt: string } | undefined;
  /** Why the ledger is not signed any more. */
  unsigned: string | undefined;
}

/** `/`: how things stand, and the ways on. */
export function OverviewPage(content: OverviewContent) {
  const { nowMs, range, buckets, counts, failing, running, unsigned } = content;
  const span = spanOf(range);
  return (
    <>
      <h1>Overview</h1>
      <Unsigned fault={unsigned} />
      <Tiles {...content} />
      <h2>Runs</h2>
      <RangeForm range={range} path="/" nowMs={nowMs} />
      <RunsChart buckets={buckets} counts={counts} zoomsTo="/" />
      <div class="columns">
        <section>
          <h2>What runs now</h2>
          {running.length === 0 ? (
            <p class="quiet">Nothing is known to run.</p>
          ) : (
            <ul class="rows">
              {running.map((row) => (
                <li>
                  <a href={pathOfInvocation(row)}>
                    <Text of={row.documentName} /> on <Text of={row.instanceId} />
                  </a>{' '}
                  <Status status={row.status} details={row.statusDetails} />{' '}
                  {row.requestedAt !== null && (
                    <span class="quiet one-line" title={row.requestedAt}>
                      for {durationText(Math.max(0, nowMs - Date.parse(row.requestedAt)))}
                    </span>
                  )}
                </li>
              ))}
            </ul>
          )}
        </section>
        <section>
          <h2>What did not succeed, by document</h2>
          {failing.length === 0 ? (
            <p class="quiet">{noFailures(counts)}</p>
          ) : (
            <ol class="rows">
              {failing.map(({ documentName, count: n }) => (
                <li>
                  <a href={pathOfDocument(documentName ?? '')}>
                    <Text of={documentName} />
                  </a>{' '}
                  <a
                    class="count"
                    href={pathOfView({ documentName: documentName ?? '', ...span, status: NOT_SUCCEEDED.join(',') })}
                    aria-label={`${count(n)} that did not succeed`}
                  >
                    {count(n)}
                  </a>
                </li>
              ))}
            </ol>
          )}
        </section>
      </div>
    </>
  );
}

/** The nodes with the most runs in the span; counted while the rest is seen already. */
export function BusiestNodes(props: {
  range: Range;
  nodes: readonly { instanceId: string; count: number }[] | undefined;
}) {
  const { range, nodes } = props;
  return (
    <section>
      <h2>Busiest nodes</h2>
      {nodes === undefined && <p class="quiet">Counting these takes longer than a page may: take a shorter span.</p>}
      {nodes?.length === 0 && <p class="quiet">Nothing ran in this span.</p>}
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

/** As the fields of the invocations' page have it. */
function spanOf({ fromMs, beforeMs }: Range) {
  return { requestedAfter: shortTime(fromMs), requestedBefore: shortTime(beforeMs) };
}

function Tiles({ range, counts, coverage, soon, lastPass, checkpoint, verified }: OverviewContent) {
  const total = counts.reduce((sum, one) => sum + one.count, 0);
  return (
    <ul class="tiles">
      <li>
        <span class="quiet">Invocations in this span</span>
        <a class="figure" href={pathOfView(spanOf(range))}>
          {count(total)}
        </a>
      </li>
      <li>
        <span class="quiet">Coverage</span>
        <a class="figure" href="/coverage">
          {coverageText(coverage)}
        </a>
        <span class="quiet">{missingText(coverage)}</span>
        <CompleteFrom coverage={coverage} />
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
          {verified ? <Time at={verified.completedAt} /> : checkpoint ? `${count(checkpoint.size)} leaves signed` : ''}
        </span>
      </li>
      <li>
        <span class="quiet">Last pass</span>
        <a class="figure" href="/collector">
          {lastPass?.outcome ?? 'none yet'}
        </a>
        <span class="quiet">{lastPass && <Time at={lastPass.finishedAt ?? lastPass.startedAt} />}</span>
      </li>
    </ul>
  );
}

/** From when on: before that, later invocations of earlier commands may be missing. */
function CompleteFrom({ coverage }: { coverage: readonly SourceCoverage[] }) {
  const from = coverage
    .flatMap((of) => (of.alias === undefined ? [of.span.from] : []))
    .sort()
    .at(-1);
  if (from === undefined || coverage.some(({ isComplete }) => !isComplete)) return null;
  return (
    <span class="quiet">
      from <Time at={from} />
    </span>
  );
}

/** What has not ended, or has a status that nobody knows, did not succeed either. */
function noFailures(counts: readonly BucketCount[]): string {
  if (counts.length === 0) return 'Nothing ran in this span.';
  return counts.every(({ status }) => status === 'Success')
    ? 'Everything did.'
    : 'Nothing failed, timed out or was cancelled.';
}

/** Where nothing is owed, nothing is complete. */
function coverageText(coverage: readonly SourceCoverage[]): string {
  const incomplete = coverage.filter(({ isComplete }) => !isComplete).length;
  if (coverage.length === 0) return 'nothing collected yet';
  return incomplete === 0 ? 'complete' : `${incomplete} of ${coverage.length} not complete`;
}

function missingText(coverage: readonly SourceCoverage[]): string {
  const names = coverage.flatMap(({ alias }) => (alias === undefined ? [] : [visibleText(alias)]));
  return names.length === 0 ? '' : `missing: ${names.join(', ')}`;
}

/** The archive has nothing: what to do, and what the last pass met. */
export function FirstRun({ lastPass }: { lastPass: LastPass | undefined }) {
  const errors = lastPass?.sources.filter(({ error }) => error !== null) ?? [];
  return (
    <>
      <h1>Nothing is collected yet</h1>
      {lastPass === undefined ? (
        <p>The archive is empty, and no pass was made. The server makes one as soon as it starts.</p>
      ) : (
        <p>
          The last pass began <Time at={lastPass.startedAt} />: {lastPass.outcome}.{' '}
          <a href="/collector">Follow it, or start one</a>.
        </p>
      )}
      {errors.map(({ alias, region, error }) => (
        <p class="note bad">
          <Text of={alias} /> <Text of={region} />: <Text of={error} />
        </p>
      ))}
      <h2>With an AWS account</h2>
      <ol>
        <li>
          Give the server credentials, as the AWS CLI takes them: a profile (<code>AWS_PROFILE</code>), keys, or the
          role of the instance. They need <code>ssm:ListCommandInvocations</code> and <code>ssm:ListCommands</code>,
          nothing more.
        </li>
        <li>
          Name the regions: <code>SSM_ARCHIVE_REGIONS=eu-west-1,us-east-1</code>; or accounts and their roles in{' '}
          <code>archive.yaml</code>.
        </li>
        <li>
          <code>ssm-archive doctor</code> says whether all is in place, and what is missing.
        </li>
        <li>
          <a href="/collector">Start a pass</a>: it collects the last thirty days, which is all that AWS still has.
        </li>
      </ol>
      <h2>Without one</h2>
      <p>
        <code>ssm-archive demo</code> fills an archive from a synthetic service, and shows it on a port of its own.
      </p>
    </>
  );
}
