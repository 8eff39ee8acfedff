import type { InvocationView, PluginView } from '../../../archive/invocations/invocation-view.ts';
import { visibleText } from '../../../lib/text/visible-text.ts';
import { kindOfStatus } from '../../../model/final-status.ts';
import { titleOfStatus } from '../../../model/status-titles.ts';
import { pathOfInvocation, pathOfNode } from '../parts/values/paths.ts';
import { durationText, SKIPPED_TITLE, Status, Text } from '../parts/values/values.tsx';

const WIDTH = 300;
const HEIGHT = 14;
const LEAST = 2;

/**
 * The nodes of a command: when each node began and ended, within the time of the whole command, and how each step
 * ended. Times are in ms since the epoch.
 */
export function NodeTimeline(props: { items: readonly InvocationView[]; fromMs: number; toMs: number }) {
  const { items, fromMs, toMs } = props;
  const steps = Math.max(0, ...items.map(({ plugins = [] }) => plugins.length));
  const nameOf = (n: number) => items.find(({ plugins }) => plugins?.[n])?.plugins?.[n]?.name ?? null;
  return (
    <section class="wide" tabindex={0} aria-label="Nodes">
      <table data-rows>
        <caption>
          When its nodes ran{toMs >= fromMs && <>: {durationText(toMs - fromMs)} from the first step to the last</>}
        </caption>
        <thead>
          <tr>
            <th scope="col">Node</th>
            <th scope="col">Status</th>
            {Array.from({ length: steps }, (_, n) => (
              <th scope="col">
                {n + 1}. <Text of={nameOf(n)} />
              </th>
            ))}
            <th scope="col">Took</th>
            <th scope="col">When</th>
          </tr>
        </thead>
        <tbody>
          {items.map((row) => (
            <tr>
              <td class="id">
                <a href={pathOfInvocation(row)}>
                  <Text of={row.instanceId} />
                </a>{' '}
                <a
                  class="plain quiet"
                  href={pathOfNode(row)}
                  aria-label={visibleText(`${row.instanceName || 'node'}, node ${row.instanceId}`)}
                >
                  <Text of={row.instanceName || 'node'} />
                </a>
              </td>
              <td>
                <Status status={row.status} details={row.statusDetails} />
              </td>
              {Array.from({ length: steps }, (_, n) => (
                <td class="when">
                  <StepCell step={row.plugins?.[n]} />
                </td>
              ))}
              <Span steps={row.plugins ?? []} status={row.status} fromMs={fromMs} toMs={toMs} />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function StepCell({ step }: { step: PluginView | undefined }) {
  if (!step) return <span class="quiet">–</span>;
  if (step.isSkipped === true)
    return (
      <span class="quiet" title={SKIPPED_TITLE}>
        skipped
      </span>
    );
  return (
    <>
      <span class={`text-${kindOfStatus(step.status)}`} title={titleOfStatus(step.status, step.statusDetails)}>
        <Text of={step.statusDetails || step.status} />
      </span>
      {step.responseCode !== null && step.responseCode !== 0 && <span class="quiet"> exit {step.responseCode}</span>}
    </>
  );
}

/**
 * From the start of the first step that ran to the end of the last one. Before a step begins or ends, the service shows
 * the year 1 for its times.
 */
function spanOf(steps: readonly PluginView[]): { start: number; end: number } | undefined {
  const times = steps.flatMap(({ startedAt, finishedAt, isSkipped }) => {
    if (isSkipped === true) return [];
    const [start, end] = [Date.parse(startedAt ?? ''), Date.parse(finishedAt ?? '')];
    return start > 0 && end > 0 ? [{ start, end }] : [];
  });
  // If the node's clock was set back while a step ran, nobody knows how long the command took there.
  if (times.length === 0 || times.some(({ start, end }) => end < start)) return undefined;
  return { start: Math.min(...times.map(({ start }) => start)), end: Math.max(...times.map(({ end }) => end)) };
}

function Span(props: { steps: readonly PluginView[]; status: string | null; fromMs: number; toMs: number }) {
  const { steps, status, fromMs, toMs } = props;
  const span = spanOf(steps);
  if (!span)
    return (
      <>
        <td class="number">–</td>
        <td />
      </>
    );
  const { start, end } = span;
  const scale = WIDTH / Math.max(1, toMs - fromMs);
  const width = Math.max(LEAST, (end - start) * scale);
  return (
    <>
      <td class="number">{durationText(end - start)}</td>
      <td class="span">
        <svg class="bars" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          <rect
            class={kindOfStatus(status)}
            x={Math.min(WIDTH - LEAST, (start - fromMs) * scale)}
            y="2"
            width={width}
            height={HEIGHT - 4}
          />
        </svg>
      </td>
    </>
  );
}
