import type { Child } from 'hono/jsx';
import type { PluginView } from '../../../archive/invocations/invocation-view.ts';
import { visibleText } from '../../../lib/text/visible-text.ts';
import { OutputText } from '../parts/outputs/output-text.tsx';
import { count, durationText, StepStatus, Text, Time } from '../parts/values/values.tsx';

interface StepContent {
  plugin: PluginView;
  /** The path of its output exactly as it was sent. */
  rawPath: string;
  /** What was fetched of it, or why nothing was. */
  whole: Child;
}

/** One step: how it ended, and what it printed. */
export function Step({ plugin, rawPath, whole }: StepContent) {
  const { position, name, isSkipped } = plugin;
  return (
    <section id={`step-${position + 1}`}>
      <h3>
        {position + 1}. <Text of={name} /> <StepStatus step={plugin} />
      </h3>
      <p class="quiet close">{isSkipped === true ? <Skipped plugin={plugin} /> : <Ran plugin={plugin} />}</p>
      <Output plugin={plugin} rawPath={rawPath} />
      {whole}
    </section>
  );
}

function Skipped({ plugin: { status, responseCode, finishedAt } }: { plugin: PluginView }) {
  return (
    <>
      It did not run: the agent skipped it, and says why. The service shows it as {status}, exit code {responseCode}
      {isTime(finishedAt) && (
        <>
          {' '}
          · skipped <Time at={finishedAt} />
        </>
      )}
    </>
  );
}

function Ran({ plugin: { responseCode, startedAt, finishedAt, durationMs } }: { plugin: PluginView }) {
  return (
    <>
      {responseCode === null ? 'No exit code' : `Exit code ${responseCode}`} ·{' '}
      {tookText(durationMs, isTime(startedAt) && isTime(finishedAt))} ·{' '}
      {isTime(startedAt) ? (
        <>
          started <Time at={startedAt} />
          {isTime(finishedAt) && (
            <>
              , finished <Time at={finishedAt} />
            </>
          )}
        </>
      ) : (
        'not started'
      )}
    </>
  );
}

function tookText(durationMs: number | null, hasBothTimes: boolean): string {
  if (durationMs !== null) return `took ${durationText(durationMs)}`;
  return hasBothTimes ? 'took an unknown time: on the clock of its node, it ended before it began' : 'not finished';
}

/** Before a step begins or ends, the service shows the year 1. */
function isTime(at: string | null): boolean {
  return at !== null && at > '1970-01-01';
}

function Output({ plugin, rawPath }: { plugin: PluginView; rawPath: string }) {
  const { position, output, isOutputPruned, isOutputTruncated, standardOutputUrl, outputSizeBytes } = plugin;
  if (isOutputPruned)
    return (
      <p class="note">
        Its output was kept, and has been pruned since. <a href="/integrity">Integrity</a> says why and by whom.
      </p>
    );
  if (output === null || output === undefined) return <p class="quiet">The service sent no output.</p>;
  if (output === '') return <p class="quiet">It printed nothing.</p>;
  return (
    <div class="printed">
      <div class="bar tools">
        <span class="quiet">{count(outputSizeBytes ?? 0)} bytes</span>
        <label class="choice">
          <input type="checkbox" class="wrap" checked /> Wrap lines
        </label>
        <label class="choice" data-find hidden>
          Find <input type="search" autocomplete="off" spellcheck={false} /> <output />
        </label>
        <button type="button" data-copy={rawPath} hidden>
          Copy
        </button>
        <a href={rawPath} aria-label={`Raw output of step ${position + 1}`}>
          Raw
        </a>
      </div>
      {isOutputTruncated === true && (
        <p class="note">
          The agent cut it at {(outputSizeBytes ?? 0) < 2450 ? '2,400' : '2,500'} bytes: a listing of the service shows
          no more. {standardOutputUrl ? <>S3 may have all of it: {visibleText(standardOutputUrl)}</> : null}
        </p>
      )}
      <OutputText text={output} />
    </div>
  );
}
