import type { PluginView } from '../../invocations/invocation-view.ts';
import { type EvidenceSummary, FILES, REDACTED } from '../evidence.ts';
import { numberedLines } from '../numbered-lines.ts';
import { shownLine } from '../shown-line.ts';
import type { PackedOutput } from './full-output-of-entry.ts';
import type { PrintedInvocation, PrintedStep, Shown } from './list-printed.ts';

/** Also said of a text that UTF-8 can't hold, which is in its state alone. */
const NO_FILE = ' The text is not a file of this pack.';

/** The section of the page that says what was printed. No value can become markup or be invisible. */
export function printedHtml(
  { invocations, fullOutputs }: EvidenceSummary,
  printed: readonly PrintedInvocation[],
): string {
  if (invocations === 0) return '';
  const others = fullOutputs > 0 ? ` and <code>${FILES.fullOutputs}</code>` : '';
  const more =
    invocations > printed.length
      ? `<p>What ${invocations - printed.length} more invocations printed is named in <code>${FILES.rows}</code>${others}.</p>`
      : '';
  return `<h2>What it printed</h2>\n${printed.map(invocationHtml).join('\n')}${more}\n`;
}

function invocationHtml({ accountId, region, commandId, instanceId, steps }: PrintedInvocation): string {
  const where = [instanceId, commandId, accountId, region].map(shownLine).join(' · ');
  const none = steps.length === 0 ? '<p>It has no steps.</p>' : '';
  return `<section class="printed"><h3>${where}</h3>${none}${steps.map(stepHtml).join('\n')}</section>`;
}

function stepHtml({ position, name, listed, fetched }: PrintedStep): string {
  const ofList = listed ? textHtml(listedText(listed), listed) : '<p>AWS lists it no more.</p>';
  const others = fetched.map((text) => textHtml(fetchedText(text.output), text));
  return `<h4>${shownLine(`Step ${position}, ${name ?? '(no name)'}`)}</h4>${ofList}${others.join('')}`;
}

function textHtml(said: string, { beginning, hasMore, file }: Shown): string {
  const link = file === null ? '' : ` <a href="${file}">${hasMore ? 'More in its file' : 'Its file'}</a>`;
  const lines = beginning === null || beginning === '' ? '' : numberedLines(beginning);
  return `<p>${shownLine(said)}${link}</p>${lines}`;
}

/** What is said of the output that AWS lists. */
function listedText({ step, file }: Shown & { step: PluginView }): string {
  const { outputSha256, outputSizeBytes, isOutputTruncated, isOutputPruned } = step;
  const from = 'As AWS lists it';
  if (isOutputPruned) return `${from}: the text was pruned.`;
  if (outputSha256 === REDACTED) return `${from}: ${REDACTED}`;
  if (outputSha256 === null) return `${from}: nothing.`;
  return `${from}: ${outputSizeBytes} bytes, ${isOutputTruncated === true ? 'cut there.' : 'whole.'}${file === null ? NO_FILE : ''}`;
}

/** What is said of an output that was fetched. */
function fetchedText(output: PackedOutput): string {
  const { stream, fetchedAt, isPruned, file, sha256 } = output;
  const name = stream === 'stdout' ? 'Standard output' : stream === 'stderr' ? 'Standard error' : stream;
  const why = isPruned ? ' The text was pruned.' : sha256 === REDACTED ? ` ${REDACTED}` : file === null ? NO_FILE : '';
  return `${name}, fetched ${placeOf(output)} at ${fetchedAt}: ${sizeOf(output)}${cutOf(output)}${why}`;
}

function placeOf({ provenance, location }: PackedOutput): string {
  if (provenance === 'get') return 'from GetCommandInvocation';
  const kind =
    provenance === 's3'
      ? 'from the bucket and key'
      : provenance === 'logs'
        ? 'from the log group and stream'
        : `from ${provenance}`;
  if (location === null) return kind;
  return `${kind} ${location === REDACTED ? REDACTED : Object.values(location).join(' ')}`;
}

function sizeOf({ sizeBytes, totalBytes }: PackedOutput): string {
  if (sizeBytes === null) return '';
  return totalBytes === null || totalBytes === sizeBytes
    ? `${sizeBytes} bytes, `
    : `${sizeBytes} of ${totalBytes} bytes, `;
}

function cutOf({ cutBy }: PackedOutput): string {
  if (cutBy === null) return 'whole.';
  if (cutBy === 'service') return 'still cut: AWS had no more.';
  return cutBy === 'limit' ? 'still cut: the archive keeps no more of one stream.' : `still cut: ${cutBy}.`;
}
