import type { Command } from '@commander-js/extra-typings';
import { notConfigured } from '../../archive/coverage/sources/not-configured.ts';
import { nameOfSource } from '../../archive/coverage/sources/owed-source.ts';
import { notConfiguredSentence } from '../../archive/figures/problems-of.ts';
import { ensureArchive } from '../../archive/file/ensure-archive.ts';
import { tryToMake } from '../../archive/file/make-archive.ts';
import { migrateExisting } from '../../archive/file/migrate-archive.ts';
import { readyToWrite } from '../../archive/file/ready-to-write.ts';
import { settleArchiveNumber } from '../../archive/number/settle-archive-number.ts';
import { loadConfig } from '../../config/load-config.ts';
import { awaitFirstReply, type UnansweredPass } from '../../ingest/await-first-reply.ts';
import { type PassSummary, runPass } from '../../ingest/run-pass.ts';
import { faultOfSchedule } from '../../ingest/schedule.ts';
import { placeOfLake } from '../../lake/files/place-of-lake.ts';
import { openSealedFinder } from '../../lake/read/find-sealed.ts';
import { RETENTION_MS } from '../../model/coverage/retention.ts';
import { openWatched } from '../../processes/pool/open-watched.ts';
import { TIME_HELP } from '../../questions/time/read-time.ts';
import { configuredSources } from '../../upstream/configured-sources.ts';
import { findPlaceOf, settleOwnFiles } from '../archive/own-files.ts';
import { createProgressDisplay } from '../display/show-progress.ts';
import { openOwnLog } from '../log/open-log.ts';
import { checkSource } from '../options/named-source.ts';
import { parseSpan, stopSignal, type Terminal } from '../terminal.ts';
import { counted, table } from '../text/format.ts';

/** `ingest`: collects once. */
export function addIngest(program: Command, terminal: Terminal): void {
  program
    .command('ingest')
    .description('collect once: everything that is not in the archive yet, from every source')
    .option(
      '--from <time>',
      'list again what was requested from this time on, even if it is covered; if the source is another archive, any time in it is possible',
    )
    .option('--to <time>', 'list again what was requested up to this time')
    .option('--source <alias>', 'collect only this source')
    .option('--wait', 'if a pass is running, wait for it instead of giving up')
    .option('--json', 'print the summary as JSON')
    .addHelpText('after', `\n${TIME_HELP}`)
    .action(async (options) => {
      const read = loadConfig(faultOfSchedule);
      const log = openOwnLog(terminal, read.config);
      const now = () => new Date();
      const nowMs = now().getTime();
      const only = parseSpan(options.from, options.to, nowMs, nowMs - RETENTION_MS);
      checkSource(read.config, options.source);
      const { signal } = stopSignal(terminal, 'Stopping after the replies in flight; all that was collected stays.');
      if (findPlaceOf(read) === 'nothing') {
        tryToMake(read.config.db);
        const unanswered = await awaitFirstReply(
          { config: read.config, now, random: Math.random, signal, onSilence: terminal.warn },
          options.source,
        );
        if (unanswered !== undefined) {
          if (options.json) terminal.json(unanswered);
          else terminal.out(describePass(unanswered, terminal));
          process.exitCode = 1;
          return;
        }
      }
      // An archive of an older version is migrated before this process opens it.
      await migrateExisting(read.config.db, { say: terminal.note, signal });
      const { config, release } = await settleOwnFiles(read, ['ledgerKey'], terminal.note);
      await ensureArchive(config);
      const ready = await readyToWrite(config.db, { migrates: true, say: terminal.note, signal });
      const { db, file, close } = openWatched({
        ...{ path: config.db, log },
        onProgress: ({ leaves, of }) =>
          terminal.note(`Adding the older states to the ledger, which is done only once: ${leaves} of ${of}.`),
      });
      ready.release();
      release();
      const display = createProgressDisplay(terminal);
      const finder = openSealedFinder(db.sqlite, placeOfLake(config));
      try {
        settleArchiveNumber(db.sqlite, config.archiveNumber, now().toISOString());
        const pass = await runPass(
          { db, config, now, random: Math.random, signal, log, findSealed: finder.find },
          {
            only,
            alias: options.source,
            waits: options.wait,
            onEvent: display.show,
          },
        );
        display.end();
        if (options.json) terminal.json(pass);
        else terminal.out(describePass(pass, terminal));
        for (const source of notConfigured(db.sqlite, configuredSources(config.sources)))
          terminal.note(`${nameOfSource(source)}: ${notConfiguredSentence(source)}`);
        const fault = await file.fault();
        if (fault !== undefined)
          terminal.note(`${fault} What the pass has recorded is in the file that it had opened.`);
        if (pass.outcome !== 'complete' || fault !== undefined || pass.signing.fault !== null) process.exitCode = 1;
      } finally {
        finder.close();
        close();
      }
    });
}

/** Describes a pass: a table, then a sentence for each failure. */
export function describePass(pass: PassSummary | UnansweredPass, terminal: Terminal): string[] {
  const rows = pass.sources.map((s) => [
    s.alias,
    s.accountId ?? '-',
    s.region || '-',
    s.outcome,
    s.rowsSeen,
    s.rowsAdded,
    s.rowsChanged,
    s.calls,
    s.throttles,
  ]);
  const header = ['SOURCE', 'ACCOUNT', 'REGION', 'OUTCOME', 'ROWS', 'NEW', 'CHANGED', 'CALLS', 'THROTTLED'];
  const failures = pass.sources.flatMap((s) =>
    s.error ? [`${[s.alias, s.region].filter(Boolean).join(' ')}: ${s.error}`] : [],
  );
  const ended = { complete: 'is complete', failed: 'ended with failures', interrupted: 'was interrupted' }[
    pass.outcome
  ];
  if (pass.runId === null) {
    const last = `The pass ${ended} before any source had answered: no archive was made, and nothing is recorded.`;
    return [...table(header, rows, terminal.outWidth), ...failures, last];
  }
  const added = pass.sources.reduce((sum, s) => sum + s.rowsAdded, 0);
  const last = `Pass ${pass.runId} ${ended}: ${counted(added, 'new invocation')}.`;
  const unsigned = pass.signing.fault === null ? [] : [`NOT SIGNED: ${pass.signing.fault}`];
  return [...table(header, rows, terminal.outWidth), ...failures, last, ...unsigned];
}
