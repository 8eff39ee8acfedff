import type { InvocationView } from '../../archive/invocation-view.ts';
import type { SourceCoverage } from '../../archive/read-coverage.ts';
import { DayChart, type DayCount } from './day-chart.tsx';
import { pathOfView } from './read-view.ts';
import { count, pathOfInvocation, Status, Text, Time } from './values.tsx';

export interface OverviewContent {
  days: readonly string[];
  counts: readonly DayCount[];
  /** Documents by how many of their runs did not succeed, the most first. */
  failing: readonly { documentName: string | null; count: number }[];
  running: readonly InvocationView[];
  coverage: readonly SourceCoverage[];
  lastPass: { outcome: string; startedAt: string; finishedAt: string | null } | undefined;
  checkpoint: { size: number; madeAt: string } | undefined;
  verified: { isIntact: boolean; completedAt: string } | undefined;
}

/** `/`: how things stand, and the ways on. */
export function OverviewPage(content: OverviewContent) {
  const { days, counts, failing, running, coverage } = content;
  if (coverage.length === 0 && content.lastPass === undefined) return <FirstRun />;
  const from = days[0] ?? '';
  return (
    <>
      <h1>Overview</h1>
      <Tiles {...content} />
      <h2>The last {days.length} days</h2>
      <DayChart days={days} counts={counts} />
      <p class="bar quiet">
        {from} to {days.at(-1)} · green succeeded, red did not, amber has not ended · each day is a link
      </p>
      <h2>What failed, by document</h2>
      {failing.length === 0 ? (
        <p class="quiet">Nothing did.</p>
      ) : (
        <ul>
          {failing.map(({ documentName, count: n }) => (
            <li>
              <a href={pathOfView({ document: documentName ?? '', from, status: 'Failed,TimedOut,Cancelled' })}>
                <Text of={documentName} />
              </a>{' '}
              {count(n)}
            </li>
          ))}
        </ul>
      )}
      <h2>What has not ended</h2>
      {running.length === 0 ? (
        <p class="quiet">All that is known has ended.</p>
      ) : (
        <ul>
          {running.map((row) => (
            <li>
              <a href={pathOfInvocation(row)}>
                <Time at={row.requestedAt} /> <Text of={row.documentName} /> on <Text of={row.instanceId} />
              </a>{' '}
              <Status status={row.status} details={row.statusDetails} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Tiles({ counts, coverage, lastPass, checkpoint, verified }: OverviewContent) {
  const total = counts.reduce((sum, one) => sum + one.count, 0);
  const incomplete = coverage.filter(({ isComplete }) => !isComplete).length;
  return (
    <ul class="tiles">
      <li>
        <span class="quiet">Invocations, last 30 days</span>
        <a class="figure" href="/invocations">
          {count(total)}
        </a>
      </li>
      <li>
        <span class="quiet">Coverage</span>
        <a class="figure" href="/coverage">
          {incomplete === 0 ? 'complete' : `${incomplete} of ${coverage.length} not complete`}
        </a>
      </li>
      <li>
        <span class="quiet">Integrity</span>
        <a class="figure" href="/integrity">
          {verified === undefined ? 'not verified yet' : verified.isIntact ? 'intact' : 'NOT INTACT'}
        </a>
        <span class="quiet">
          {verified ? <Time at={verified.completedAt} /> : checkpoint ? `${count(checkpoint.size)} leaves signed` : ''}
        </span>
      </li>
      <li>
        <span class="quiet">Last pass</span>
        <span class="figure">{lastPass?.outcome ?? 'none yet'}</span>
        <span class="quiet">{lastPass && <Time at={lastPass.finishedAt ?? lastPass.startedAt} />}</span>
      </li>
    </ul>
  );
}

function FirstRun() {
  return (
    <>
      <h1>Nothing is collected yet</h1>
      <p>
        The archive is empty. With AWS credentials of an account that may call <code>ssm:ListCommandInvocations</code>{' '}
        and <code>ssm:ListCommands</code>, <code>ssm-archive doctor</code> says whether all is in place, and the next
        pass collects the last thirty days.
      </p>
      <p>
        To see what it looks like without an account, run <code>ssm-archive demo</code>.
      </p>
    </>
  );
}
