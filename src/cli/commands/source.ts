import type { Command } from '@commander-js/extra-typings';
import { readCoverage } from '../../archive/coverage/read-coverage.ts';
import { endSource } from '../../archive/coverage/sources/end-source.ts';
import { listOwed } from '../../archive/coverage/sources/list-owed.ts';
import { notConfigured } from '../../archive/coverage/sources/not-configured.ts';
import { nameOfSource, type OwedSource } from '../../archive/coverage/sources/owed-source.ts';
import { owedSpanOf } from '../../archive/coverage/sources/owed-span.ts';
import type { Config } from '../../config/config.ts';
import { loadConfig } from '../../config/load-config.ts';
import type { ArchiveDb } from '../../db/open.ts';
import { faultOfSchedule } from '../../ingest/schedule.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { nearNames, proposalOf } from '../../lib/words/near-names.ts';
import { RETENTION_MS } from '../../model/coverage/retention.ts';
import { configuredSources } from '../../upstream/configured-sources.ts';
import { readArchive } from '../archive/read-archive.ts';
import { openToWrite } from '../archive/write-archive.ts';
import { whoAsks } from '../options/who-asks.ts';
import { addFilterOptions, readFilterOptions } from '../questions/filter-options.ts';
import { readingContext } from '../questions/reading-context.ts';
import type { Terminal } from '../terminal.ts';
import { table } from '../text/format.ts';
import { whyGiven } from './hold/hold.ts';

/** `source`: lists the sources that are owed, and ends sources. */
export function addSource(program: Command, terminal: Terminal): void {
  const source = program
    .command('source')
    .description('list the sources that are owed and since when, or end one: nothing else ends a source');

  source
    .command('list')
    .description('every source that is owed, and those that were ended')
    .option('--json', 'print as JSON')
    .action(async (options) => {
      const { config } = loadConfig(faultOfSchedule);
      await readArchive(config.db, terminal, (db, terminal) => {
        const owed = listOwed(db.sqlite);
        if (options.json) terminal.json(owed);
        else terminal.out(describeOwedSources(db, owed, config, terminal));
      });
    });

  const end = source.command('end');
  addFilterOptions(end, ['region']);
  end
    .argument('<name>', 'the source, by its name in the configuration')
    .description('stop owing a source; what was owed until now and not collected stays missing')
    .option('--reason <text>', 'the reason, which goes into the ledger')
    .option('--by <name>', 'who ends the source (default: the user and the host)')
    .action(async (alias, { reason, by, ...options }) => {
      const { config } = loadConfig(faultOfSchedule);
      const { region } = readFilterOptions(options, ['region'], readingContext(config, new Date()));
      const end = {
        ...{ alias, region, at: new Date().toISOString(), by: whoAsks(by) },
        ...(reason !== undefined && { reason: whyGiven(reason) }),
      };
      const db = await openToWrite(config.db, terminal);
      try {
        const ended = endSource(db.sqlite, end);
        if (ended.length === 0) throw nothingOwed(db, alias, region);
        terminal.out([
          ...ended.map((owed) => `Ended: ${nameOfSource(owed)}, owed since ${owed.sinceAt}.`),
          ...missingOf(db, ended, config),
          ...stillConfigured(ended, config),
        ]);
      } finally {
        db.close();
      }
    });
}

function nothingOwed({ sqlite }: ArchiveDb, alias: string, region: string | undefined): UserFault {
  const all = listOwed(sqlite);
  const names = [...new Set(all.filter(({ endedAt }) => endedAt === null).map(nameOfSource))];
  const aliases = all.flatMap((owed) => (owed.endedAt === null && owed.alias !== null ? [owed.alias] : []));
  const [ended] = all.filter((owed) => owed.alias === alias && owed.endedAt !== null).slice(-1);
  const regions = all.flatMap((owed) => (owed.endedAt === null && owed.alias === alias ? [owed.region ?? ''] : []));
  const near =
    region !== undefined && regions.length > 0
      ? proposalOf(nearNames(region, regions))
      : proposalOf(nearNames(alias, aliases));
  const what = ended
    ? `"${alias}" was ended at ${ended.endedAt} already.`
    : `No source "${alias}" is owed${region === undefined ? '' : ` in ${region}`}.${near}`;
  const others = names.length > 0 ? `These are owed: ${names.join(', ')}.` : 'Nothing is owed.';
  return new UserFault(`${what} ${others}`, { exitCode: 2 });
}

/** Says what was owed until now but was not collected. Ending the source does not collect it. */
function missingOf(db: ArchiveDb, ended: readonly OwedSource[], config: Config): string[] {
  const nowMs = Date.now();
  return ended.flatMap((owed) => {
    const { accountId, region } = owed;
    const span = accountId !== null && region !== null ? owedSpanOf(db.sqlite, { accountId, region }) : undefined;
    if (span && span.to === undefined) return [`${nameOfSource(owed)} is still owed under another name.`];
    const from = Math.min(span?.from ?? Number.POSITIVE_INFINITY, Date.parse(owed.sinceAt) - RETENTION_MS);
    const gaps = readCoverage(db.sqlite, { nowMs, settlingMs: config.settlingMs, from, to: nowMs })
      .filter((of) => of.accountId === accountId && of.region === region && (of.alias ?? owed.alias) === owed.alias)
      .flatMap((of) => of.gaps);
    return gaps.length === 0
      ? [`${nameOfSource(owed)}: all that was owed until now is collected.`]
      : gaps.map(
          (gap) => `${nameOfSource(owed)}: ${gap.from} to ${gap.to} stays missing: it was owed, and not collected.`,
        );
  });
}

function stillConfigured(ended: readonly OwedSource[], { sources }: Config): string[] {
  const named = configuredSources(sources).filter((source) =>
    ended.some(
      ({ alias, region, accountId }) =>
        alias === source.alias &&
        (region === null || source.region === undefined || region === source.region) &&
        (accountId === null || source.accountId === undefined || accountId === source.accountId),
    ),
  );
  const aliases = [...new Set(named.map(({ alias }) => alias))];
  return aliases.map(
    (alias) =>
      `Today’s configuration still has "${alias}": the next pass owes it again. Take it out of the configuration first.`,
  );
}

function describeOwedSources(db: ArchiveDb, owed: readonly OwedSource[], config: Config, terminal: Terminal): string[] {
  if (owed.length === 0) return ['No source is owed yet: the next pass notes what is configured.'];
  const left = new Set(notConfigured(db.sqlite, configuredSources(config.sources)).map(({ id }) => id));
  const rows = owed.map((source) => [
    source.alias,
    source.accountId ?? 'unknown',
    source.region ?? 'unknown',
    source.sinceAt,
    stateOf(source, left.has(source.id)),
  ]);
  return table(['SOURCE', 'ACCOUNT', 'REGION', 'SINCE', 'STATE'], rows, terminal.outWidth);
}

function stateOf({ endedAt, endedBy, endReason }: OwedSource, isLeft: boolean): string {
  if (endedAt !== null) return `ended ${endedAt} by ${endedBy}${endReason === null ? '' : `: ${endReason}`}`;
  return isLeft ? 'owed, not in today’s configuration' : 'owed';
}
