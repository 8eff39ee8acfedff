import type { Command } from '@commander-js/extra-typings';
import { type Hold, listHolds } from '../../../archive/holds/list-holds.ts';
import { placeHold } from '../../../archive/holds/place-hold.ts';
import { releaseHold } from '../../../archive/holds/release-hold.ts';
import { openValuesOf } from '../../../archive/values/explain-empty.ts';
import { findUnseen } from '../../../archive/values/find-never-seen.ts';
import { loadConfig } from '../../../config/load-config.ts';
import type { ArchiveDb } from '../../../db/open.ts';
import { faultOfSchedule } from '../../../ingest/schedule.ts';
import { UserFault } from '../../../lib/errors/user-fault.ts';
import { isoFromMs } from '../../../lib/time.ts';
import { sayUnseen } from '../../../questions/say-unseen.ts';
import { TIME_HELP } from '../../../questions/time/read-time.ts';
import { configuredPlaces } from '../../../upstream/configured-sources.ts';
import { readArchive } from '../../archive/read-archive.ts';
import { openToWrite } from '../../archive/write-archive.ts';
import { whoAsks } from '../../options/who-asks.ts';
import { wholeNumber } from '../../options/whole-number.ts';
import { checkSeen } from '../../questions/check-seen.ts';
import { addFilterOptions, longOf, readFilterOptions } from '../../questions/filter-options.ts';
import { readingContext } from '../../questions/reading-context.ts';
import { ALLOW_UNSEEN } from '../../questions/refuse-unseen.ts';
import { settleIds } from '../../questions/settle-ids.ts';
import { parseSpan, type Terminal } from '../../terminal.ts';
import { table } from '../../text/format.ts';
import { countKept } from './count-kept.ts';
import { sayKept, whyUncounted } from './say-kept.ts';

const FILTERS_OF_HOLD = ['account', 'region', 'commandId', 'instanceId'] as const;

const HELP = `A hold on a name that the archive has never seen would keep nothing. So such a name is refused, and the names that may \
have been meant are printed. Ids of commands and nodes may be shortened to four or more of their first characters if \
no other id begins with these.
${TIME_HELP}`;

/** `hold`: protects history from pruning as long as it is needed. */
export function addHold(program: Command, terminal: Terminal): void {
  const hold = program
    .command('hold')
    .description('protect spans, commands or nodes from pruning, list the holds, and release them');

  const place = hold.command('place');
  addFilterOptions(place, FILTERS_OF_HOLD);
  place
    .description('protect everything in a scope from pruning, no matter who asks for it')
    .requiredOption('--reason <text>', 'the reason, which is stored and goes into the ledger')
    .option('--by <name>', 'who places the hold (default: the user and the host)')
    .option('--from <time>', 'hold only what was requested at this time or later')
    .option('--to <time>', 'hold only what was requested before this time')
    .option('--everything', 'hold everything that the archive has or will have')
    .option(ALLOW_UNSEEN[0], 'also accept names that the archive has never seen but may still collect')
    .addHelpText('after', `\n${HELP}`)
    .action(async ({ reason, by, from, to, everything, allowUnseen = false, ...options }) => {
      const read = loadConfig(faultOfSchedule);
      const typed = readFilterOptions(options, FILTERS_OF_HOLD, readingContext(read.config, new Date()));
      const span = parseSpan(from, to, Date.now(), Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
      const times = {
        ...(from !== undefined && span && { fromAt: isoFromMs(span.from) }),
        ...(to !== undefined && span && { toAt: isoFromMs(span.to) }),
      };
      const isNarrow = Object.keys(typed).length + Object.keys(times).length > 0;
      if (isNarrow === (everything === true))
        throw new UserFault(
          isNarrow
            ? 'Give --everything, or what to hold, not both.'
            : `Say what to hold: ${FILTERS_OF_HOLD.map(longOf).join(', ')}, --from or --to, or --everything.`,
          { exitCode: 2 },
        );
      await withArchive(terminal, async ({ sqlite }) => {
        const filter = settleIds(sqlite, typed, { terminal });
        checkSeen(sqlite, filter, { config: read.config, terminal, isJson: false, allowUnseen });
        const { account: accountId, region, commandId, instanceId } = filter;
        const unseen = findUnseen(sqlite, openValuesOf(filter), configuredPlaces(read.config.sources));
        const placed = {
          ...{ accountId, region, commandId, instanceId },
          ...times,
          reason: whyGiven(reason),
          placedBy: whoAsks(by),
          placedAt: new Date().toISOString(),
        };
        const id = placeHold(sqlite, placed);
        for (const value of unseen) terminal.note(sayUnseen(longOf(value.filter), value));
        const asking = { config: read.config, terminal };
        const kept = await countKept(sqlite, asking, { ...placed, id });
        if (kept.invocations === 0 && kept.uncounted === undefined)
          terminal.warn(
            'No invocation in the archive matches all of this now: the hold keeps only what is collected later.',
          );
        terminal.out(
          `Hold ${id} is placed. It keeps ${sayKept(kept, 'it')} from being pruned. All holds together keep ${sayKept(await countKept(sqlite, asking), 'they')}.`,
        );
        for (const why of whyUncounted(kept)) terminal.note(why);
      });
    });

  hold
    .command('list')
    .description('every hold that was ever placed, the newest first')
    .option('--json', 'print as JSON')
    .action(async (options) => {
      const { config } = loadConfig(faultOfSchedule);
      await readArchive(config.db, terminal, (db, terminal) => {
        const holds = listHolds(db.sqlite);
        if (options.json) terminal.json(holds);
        else terminal.out(describeHolds(holds, terminal));
      });
    });

  hold
    .command('release <id>')
    .description('end a hold, so that what it kept may be pruned; the hold stays in the list')
    .requiredOption('--reason <text>', 'the reason, which is stored and goes into the ledger')
    .option('--by <name>', 'who releases the hold (default: the user and the host)')
    .action(async (text, { reason, by }) => {
      const id = wholeNumber('<id>', text, Number.MAX_SAFE_INTEGER, 1);
      await withArchive(terminal, async ({ sqlite }) => {
        releaseHold(sqlite, { id, reason: whyGiven(reason), by: whoAsks(by), at: new Date().toISOString() });
        terminal.out(`Hold ${id} is released.`);
      });
    });
}

/** Returns a hold's reason. Throws UserFault if it is empty. */
export function whyGiven(reason: string): string {
  if (reason.trim() !== '') return reason;
  throw new UserFault('--reason must say why, in at least one word.', { exitCode: 2 });
}

async function withArchive(terminal: Terminal, work: (db: ArchiveDb) => Promise<void>): Promise<void> {
  const { config } = loadConfig(faultOfSchedule);
  const db = await openToWrite(config.db, terminal);
  try {
    await work(db);
  } finally {
    db.close();
  }
}

function describeHolds(holds: readonly Hold[], terminal: Terminal): string[] {
  if (holds.length === 0) return ['There are no holds.'];
  const rows = holds.map((hold) => [
    hold.id,
    hold.releasedAt === null ? 'held' : 'released',
    scopeOf(hold),
    hold.placedBy,
    hold.placedAt,
    hold.releasedAt === null ? hold.reason : `${hold.reason}; released by ${hold.releasedBy}: ${hold.releaseReason}`,
  ]);
  return table(['ID', 'STATE', 'SCOPE', 'BY', 'PLACED', 'REASON'], rows, terminal.outWidth);
}

function scopeOf({ accountId, region, commandId, instanceId, fromAt, toAt }: Hold): string {
  const parts = [
    ...[accountId, region, commandId, instanceId].flatMap((part) => (part === null ? [] : [part])),
    ...(fromAt === null ? [] : [`from ${fromAt}`]),
    ...(toAt === null ? [] : [`to ${toAt}`]),
  ];
  return parts.join(' ') || 'everything';
}
