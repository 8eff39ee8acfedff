import type { PluginView } from '../../../../archive/invocations/invocation-view.ts';
import { visibleText } from '../../../../lib/text/visible-text.ts';
import { kindOfStatus } from '../../../../model/final-status.ts';
import { anchorOfOutcome, titleOfOutcome } from '../../../../model/glossary.ts';
import { anchorOfStatus, type StatusOf, titleOfStatus } from '../../../../model/status-titles.ts';
import { useDisplay } from './display.ts';

/**
 * A Status, or its details if they say more, with a link to what AWS means by it. It never relies on colour alone. It
 * must not be inside another link. With `shows="status"`, it shows only the Status, for places that show the details
 * too.
 */
export function Status(props: {
  status: string | null;
  details?: string | null;
  of?: StatusOf;
  shows?: 'details' | 'status';
}) {
  const { status, details, of, shows = 'details' } = props;
  return (
    <a
      class={`status status-${kindOfStatus(status)} explained`}
      href={`/glossary#${anchorOfStatus(status, details)}`}
      title={titleOfStatus(status, details, of)}
    >
      {visibleText((shows === 'details' && details) || status || '(none)')}
    </a>
  );
}

/** How a step ended: its Status, or “Skipped” if the agent skipped the step. */
export function StepStatus({ step }: { step: Pick<PluginView, 'status' | 'statusDetails' | 'isSkipped'> }) {
  if (step.isSkipped !== true) return <Status status={step.status} details={step.statusDetails} />;
  return (
    <span class="status status-skipped" title={SKIPPED_TITLE}>
      Skipped
    </span>
  );
}

/** What it means that the agent skipped a step, although the service shows a success. */
export const SKIPPED_TITLE =
  'The agent did not run this step on this node; its output says why. The service shows the step as Success.';

const formats = new Map<string, Intl.DateTimeFormat>();

/** A time to the second, in the zone of the page; its title has the full time in UTC. */
export function Time({ at }: { at: string | null }) {
  const { zone } = useDisplay();
  if (at === null) return <span class="quiet">never</span>;
  return (
    <time dateTime={at} title={at}>
      {timeText(at, zone)}
    </time>
  );
}

/** The time of the last run; or, if its row is sealed, its day. */
export function LastRun({ at, on }: { at: string | null; on: string | null }) {
  if (on === null || (at !== null && at >= on)) return <Time at={at} />;
  return <time dateTime={on}>{on}</time>;
}

/** A time in a zone, such as 2026-03-01 09:30:00. */
function timeText(at: string, zone: string): string {
  if (zone === 'UTC') return `${at.slice(0, 10)} ${at.slice(11, 19)}`;
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
    formats.set(zone, format);
  }
  return format.format(new Date(at));
}

/** A text from outside, which may contain anything. Its invisible characters become visible. */
export function Text({ of }: { of: string | null }) {
  if (of === null || of === '') return <span class="quiet">–</span>;
  return <>{visibleText(of)}</>;
}

/** A count with commas between thousands: 1,234,567. */
export function count(n: number): string {
  return n.toLocaleString('en-US');
}

/** 350 ms, 4.2 s, 3 m 05 s, 2 h 10 m, 11 d 14 h. Or “–” if the time is negative, because a clock was set back. */
export function durationText(ms: number | null): string {
  if (ms === null || !(ms >= 0)) return '–';
  if (ms < 1000) return `${ms} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const pad = (n: number) => String(n).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${pad(seconds % 60)} s`;
  const hours = Math.floor(seconds / 3600);
  if (hours < 48) return `${hours} h ${pad(Math.floor(seconds / 60) % 60)} m`;
  return `${Math.floor(hours / 24)} d ${pad(hours % 24)} h`;
}

/** How a pass, a source or a sweep ended. */
export function Outcome({ outcome }: { outcome: string }) {
  const kind = outcome === 'complete' ? 'good' : outcome === 'running' ? 'busy' : 'bad';
  return (
    <a
      class={`status status-${kind} explained`}
      href={`/glossary#${anchorOfOutcome(outcome)}`}
      title={titleOfOutcome(outcome)}
    >
      {outcome}
    </a>
  );
}
