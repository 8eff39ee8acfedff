import type { LastLook } from '../../../../archive/coverage/last-looks.ts';
import { durationText, Text, Time } from '../values/values.tsx';

/** If the last look is older than this, the runs have probably ended, because a pass should come every few minutes. */
const OLD_MS = 3_600_000;
const MOST_NAMED = 3;

/**
 * Says from what time the shown state of unfinished runs is: the oldest of the last looks at each account and region.
 * Without this, runs would seem to run forever after the collector has died.
 */
export function AsOf({ looks, nowMs }: { looks: readonly LastLook[]; nowMs: number }) {
  const looked = looks.flatMap(({ lookedAt }) => (lookedAt === null ? [] : [lookedAt]));
  const [oldest] = looked;
  if (oldest === undefined)
    return <p class="note">As of never: no pass over any account and region has ended as complete.</p>;
  const never = looks.filter(({ lookedAt }) => lookedAt === null);
  const old = looks.filter(({ lookedAt }) => lookedAt !== null && nowMs - Date.parse(lookedAt) > OLD_MS);
  const isOld = never.length + old.length > 0;
  return (
    <p class={isOld ? 'note' : 'quiet'}>
      As of <Time at={oldest} />, {agoText(oldest, nowMs)}
      {looked.length > 1 && oldest !== looked.at(-1) && ' or later, depending on the account and region'}.
      {old.length > 0 && (
        <>
          {' '}
          What is shown here may have ended since then, and what began since then is missing: no pass over{' '}
          <Names of={old} /> was complete after that.
        </>
      )}
      {never.length > 0 && (
        <>
          {' '}
          No pass was ever complete over <Names of={never} />.
        </>
      )}
    </p>
  );
}

function Names({ of }: { of: readonly LastLook[] }) {
  const names = of.slice(0, MOST_NAMED).map(({ accountId, region }) => `${accountId} ${region}`);
  return (
    <>
      <Text of={names.join(', ')} />
      {of.length > MOST_NAMED && ` and ${of.length - MOST_NAMED} more`}
    </>
  );
}

/** Says how long ago a time was: `5 m 00 s ago`. */
export function agoText(at: string, nowMs: number): string {
  return `${durationText(Math.max(0, nowMs - Date.parse(at)))} ago`;
}

/**
 * How long an unfinished run had been running when the archive last looked; undefined if the run began later, or if
 * nobody knows when it began.
 */
export function ranForMs(
  { accountId, region, requestedAt }: { accountId: string; region: string; requestedAt: string | null },
  looks: readonly LastLook[],
): number | undefined {
  const look = looks.find((one) => one.accountId === accountId && one.region === region)?.lookedAt;
  if (!look || requestedAt === null || look <= requestedAt) return undefined;
  return Date.parse(look) - Date.parse(requestedAt);
}
