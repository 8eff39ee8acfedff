import type { SpanCoverage } from './coverage-of-span.ts';

/**
 * Says in which span a search found nothing, and whether the span is covered. If it is not, the empty answer proves
 * nothing. For terminals and files; the console has its own sentence with links.
 */
export function saySpan(
  coverage: SpanCoverage,
  { account, region }: { account?: string | undefined; region?: string | undefined } = {},
  /** The command or page where users can read why something is not covered. */
  teller = '"ssm-archive coverage"',
): string {
  const { from, to, state } = coverage;
  const place = [account, region].filter((part) => part !== undefined).join(' ');
  const where = place === '' ? '' : ` in ${place}`;
  if (to === null) return `Looked at everything${where}: nothing was collected yet.`;
  const span = from === null ? `requested before ${to}${where}` : `requested from ${from} to ${to}${where}`;
  return `Looked at what was ${span}: ${state === 'complete' ? 'all of it is covered' : partOf(coverage, `${teller} says why`)}.`;
}

function partOf(coverage: SpanCoverage, why: string): string {
  const { state, coveredPart, gaps, gapCount, edgeCount, forgottenCommands, missingSources } = coverage;
  if (state === 'notCollected') return `nothing of it was collected, so an empty answer proves nothing; ${why}`;
  const isOnlyOpen = gapCount === gaps.length && gaps.every(({ isOpen }) => isOpen);
  const [open] = gaps;
  if (open && isOnlyOpen && edgeCount + forgottenCommands + missingSources === 0)
    return `it is covered up to ${open.from}, and the time after that is not over, or not listed yet`;
  return `${percent(coveredPart)} of it is covered, so something may be missing; ${why}`;
}

/** The covered share of a span that is not complete: never 100 %, and never 0 % if a part of it is covered. */
function percent(part: number): string {
  if (part === 0) return 'nothing';
  return part < 0.01 ? 'less than 1 %' : `${Math.min(99, Math.floor(part * 100))} %`;
}
