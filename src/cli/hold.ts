import type { Command } from '@commander-js/extra-typings';
import { countHeld, type Hold, listHolds } from '../archive/holds/list-holds.ts';
import { placeHold } from '../archive/holds/place-hold.ts';
import { releaseHold } from '../archive/holds/release-hold.ts';
import { loadConfig } from '../config/load-config.ts';
import type { ArchiveDb } from '../db/open.ts';
import { faultOfSchedule } from '../ingest/schedule.ts';
import { TIME_HELP } from '../lib/read-time.ts';
import { isoFromMs } from '../lib/time.ts';
import { UserFault } from '../lib/user-fault.ts';
import { counted, table } from './format.ts';
import { readArchive } from './read-archive.ts';
import { parseSpan, type Terminal } from './terminal.ts';
import { whoAsks } from './who-asks.ts';
import { wholeNumber } from './whole-number.ts';
import { openToWrite } from './write-archive.ts';

/** `hold`: puts what is needed yet beyond pruning. */
export function addHold(program: Command, terminal: Terminal): void {
  const hold = program
    .command('hold')
    .description('put spans, commands or nodes beyond pruning, list what is, and release it');

  hold
    .command('place')
    .description('keep all that is in a scope from being pruned, no matter who asks for that')
    .requiredOption('--reason <text>', 'why: it is kept, and goes into the ledger')
    .option('--by <name>', 'who places it; the user and the host unless said')
    .option('--account <id>', 'only what is of this account')
    .option('--region <name>', 'only of this region')
    .option('--command <id>', 'only of this command')
    .option('--instance <id>', 'only of this node')
    .option('--from <time>', 'only what was requested from then on')
    .option('--to <time>', 'only what was requested before then')
    .option('--everything', 'all that the archive has, and will have')
    .addHelpText('after', `\n${TIME_HELP}`)
    .action(async ({ reason, by, account, region, command, instance, from, to, everything }) => {
      const span = parseSpan(from, to, Date.now(), Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
      const scope = {
        ...{ accountId: account, region, commandId: command, instanceId: instance },
        ...(from !== undefined && span && { fromAt: isoFromMs(span.from) }),
        ...(to !== undefined && span && { toAt: isoFromMs(span.to) }),
      };
      const isNarrow = Object.values(scope).some((value) => value !== undefined);
      if (isNarrow === (everything === true))
        throw new UserFault(
          isNarrow
            ? 'Give --everything, or what to hold, not both.'
            : 'Say what to hold: --account, --region, --command, --instance, --from or --to, or --everything.',
          { exitCode: 2 },
        );
      await withArchive(terminal, ({ sqlite }) => {
        const placed = {
          ...scope,
          reason: whyGiven(reason),
          placedBy: whoAsks(by),
          placedAt: new Date().toISOString(),
        };
        const id = placeHold(sqlite, placed);
        terminal.out(
          `Hold ${id} is placed. ${counted(countHeld(sqlite), 'invocation')} of the archive can not be pruned now.`,
        );
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
        else terminal.out(describe(holds, terminal));
      });
    });

  hold
    .command('release <id>')
    .description('let what a hold keeps be pruned again; the hold stays in the list')
    .requiredOption('--reason <text>', 'why: it is kept, and goes into the ledger')
    .option('--by <name>', 'who releases it; the user and the host unless said')
    .action(async (text, { reason, by }) => {
      const id = wholeNumber('<id>', text, Number.MAX_SAFE_INTEGER, 1);
      await withArchive(terminal, ({ sqlite }) => {
        releaseHold(sqlite, { id, reason: whyGiven(reason), by: whoAsks(by), at: new Date().toISOString() });
        terminal.out(`Hold ${id} is released.`);
      });
    });
}

/** A reason that says something. Throws UserFault for an empty one. */
export function whyGiven(reason: string): string {
  if (reason.trim() !== '') return reason;
  throw new UserFault('--reason must say why, in a word at least.', { exitCode: 2 });
}

async function withArchive(terminal: Terminal, work: (db: ArchiveDb) => void): Promise<void> {
  const { config } = loadConfig(faultOfSchedule);
  const db = await openToWrite(config.db, terminal);
  try {
    work(db);
  } finally {
    db.close();
  }
}

function describe(holds: readonly Hold[], terminal: Terminal): string[] {
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
