import type { InvocationKey } from '../../../archive/invocations/get-invocation.ts';
import type { FullOutput } from '../../../archive/outputs/list-full-outputs.ts';
import type { OutputPart, PartStart } from '../../../archive/outputs/read-output-part.ts';
import { NumberedOutput } from '../parts/outputs/numbered-output.tsx';
import { OutputCut, OutputFacts } from '../parts/outputs/output-facts.tsx';
import { pathOfCommand, pathOfFullOutput, pathOfInvocation, pathOfRawOutput } from '../parts/values/paths.ts';
import { count, Text } from '../parts/values/values.tsx';

export interface OutputContent {
  invocation: InvocationKey;
  full: FullOutput;
  /** Null if the text was pruned; only the number of lines if the text ends before the part that was asked for. */
  part: OutputPart | { totalLines: number } | null;
  start: PartStart;
}

/** What was fetched of one stream of a step: where it comes from, and a part of it. */
export function OutputPage({ invocation, full, part, start }: OutputContent) {
  return (
    <>
      <OutputHeading {...{ invocation, full }} />
      {part === null ? (
        <p class="note">
          Its text was kept, and has been pruned since. <a href="/integrity">Integrity</a> says why and by whom.
        </p>
      ) : (
        <>
          <OutputCut full={full} />
          {'text' in part ? (
            <Part {...{ invocation, full, part }} />
          ) : (
            <Beyond {...{ invocation, full, start }} totalLines={part.totalLines} />
          )}
        </>
      )}
    </>
  );
}

/** The beginning of the page that shows all of an output; its lines follow. */
export function AllOfOutput({ invocation, full }: Pick<OutputContent, 'invocation' | 'full'>) {
  return (
    <>
      <OutputHeading {...{ invocation, full }} />
      <OutputCut full={full} />
      <p class="bar">
        <span>All lines of what is here</span>
        <a href={pathOfFullOutput(invocation, full)}>In parts</a>
        <a href={pathOfRawOutput(invocation, full)}>Raw</a>
      </p>
    </>
  );
}

function OutputHeading({ invocation, full }: Pick<OutputContent, 'invocation' | 'full'>) {
  return (
    <>
      <h1>
        {full.stream} of{' '}
        <a href={`${pathOfInvocation(invocation)}#step-${full.position + 1}`}>step {full.position + 1}</a>,{' '}
        <Text of={full.name} />
      </h1>
      <p class="close">
        Of <a href={pathOfCommand(invocation)}>{<Text of={invocation.commandId} />}</a> on{' '}
        <a href={pathOfInvocation(invocation)}>
          <Text of={invocation.instanceId} />
        </a>
      </p>
      <OutputFacts full={full} />
    </>
  );
}

interface PartContent {
  invocation: InvocationKey;
  full: FullOutput;
  part: OutputPart;
}

function Part({ invocation, full, part }: PartContent) {
  const { text, firstLine, isContinued, from, to, totalBytes, totalLines } = part;
  if (totalBytes === 0) return <p class="quiet">It is empty: 0 bytes.</p>;
  const lastLine = firstLine + text.replace(/\n$/, '').split('\n').length - 1;
  const isAll = from === 0 && to === totalBytes;
  const endsWithin = to < totalBytes && !text.endsWith('\n');
  return (
    <>
      <p class="bar">
        <span>
          {isAll ? (
            <>All lines of what is here: {count(totalLines)}</>
          ) : (
            <>
              Lines {count(firstLine)} to {count(lastLine)} of {count(totalLines)}
            </>
          )}
        </span>
        {!isAll && <a href={`${pathOfFullOutput(invocation, full)}&all=yes`}>All on one page</a>}
        <a href={pathOfRawOutput(invocation, full)}>Raw</a>
      </p>
      {!isAll && <Turn {...{ invocation, full, part }} label="Parts" />}
      {isContinued && <p class="note">Line {count(firstLine)} began before this part.</p>}
      <NumberedOutput text={text} firstLine={firstLine} hasAnchors />
      {endsWithin && <p class="note">Line {count(lastLine)} is longer than a part, and goes on in the next one.</p>}
      {to < totalBytes ? (
        <p class="note">There is more: {count(totalBytes - to)} bytes follow. This page shows a part at a time.</p>
      ) : (
        <p class="quiet">{full.cutBy === null ? 'This is its end.' : 'This is the end of what is here; it is cut.'}</p>
      )}
      {!isAll && <Turn {...{ invocation, full, part }} label="Parts, again" />}
    </>
  );
}

/** Links to the other parts, and a form for a line. */
function Turn({ invocation, full, part, label }: PartContent & { label: string }) {
  const { from, to, totalBytes, previous, last } = part;
  const path = pathOfFullOutput(invocation, full);
  const [action] = path.split('?');
  return (
    <nav class="bar screen-only" aria-label={label}>
      {from > 0 && <a href={path}>First part</a>}
      {previous !== undefined && previous > 0 && <a href={`${path}&from=${previous}`}>Part before</a>}
      {to < totalBytes && <a href={`${path}&from=${to}`}>Next part</a>}
      {to < totalBytes && <a href={`${path}&from=${last}`}>Last part</a>}
      <form action={action} class="bar close">
        <input type="hidden" name="provenance" value={full.provenance} />
        <label class="choice">
          Line <input name="line" inputmode="numeric" size={9} autocomplete="off" />
        </label>
        <button type="submit" class="narrow">
          Go
        </button>
      </form>
    </nav>
  );
}

type BeyondContent = Pick<OutputContent, 'invocation' | 'full' | 'start'> & { totalLines: number };

function Beyond({ invocation, full, start, totalLines }: BeyondContent) {
  return (
    <p class="note">
      {'line' in start ? `It has no line ${count(start.line)}` : `It has no byte ${count(start.from)}`}: it has{' '}
      {count(totalLines)} lines. <a href={pathOfFullOutput(invocation, full)}>Its beginning</a>
    </p>
  );
}
