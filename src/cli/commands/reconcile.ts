import type { Command } from '@commander-js/extra-typings';
import { loadConfig } from '../../config/load-config.ts';
import { reconcile, type SourceReconciled } from '../../ingest/reconcile/reconcile.ts';
import { faultOfSchedule } from '../../ingest/schedule.ts';
import { placeOfLake } from '../../lake/files/place-of-lake.ts';
import { openSealedFinder } from '../../lake/read/find-sealed.ts';
import { readArchive } from '../archive/read-archive.ts';
import { checkSource } from '../options/named-source.ts';
import { stopSignal, type Terminal } from '../terminal.ts';
import { count, counted, cutTo, table } from '../text/format.ts';

const REDRAW_MS = 100;
const SAYS = {
  'changed-after-end': 'changed by the service after its end',
  missing: 'missing in the archive',
  'not-shown': 'not shown by the service',
} as const;

/** `reconcile`: compares the archive with what the service shows now. */
export function addReconcile(program: Command, terminal: Terminal): void {
  program
    .command('reconcile')
    .description(
      'read again all that the service still has, and prove that the archive equals it, or show where it differs',
    )
    .option('--source <alias>', 'compare only with this source')
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      '\nNothing is written. Exit code 1 if anything differs, or if a source cannot be read to the end.',
    )
    .action(async (options) => {
      const { config } = loadConfig(faultOfSchedule);
      checkSource({ sources: config.sources }, options.source);
      const { signal } = stopSignal(terminal, 'Stopping after the replies in flight.');
      let drawnAt = 0;
      // Progress is shown at once; only the answer is held back.
      const onSilence = terminal.warn;
      await readArchive(config.db, terminal, async (db, terminal) => {
        const finder = openSealedFinder(db.sqlite, placeOfLake(config));
        const results = await reconcile({
          ...{ db, config, signal, now: () => new Date(), random: Math.random, alias: options.source, onSilence },
          findSealed: finder.find,
          onProgress({ alias, region, compared }) {
            if (!terminal.isInteractive || Date.now() - drawnAt < REDRAW_MS) return;
            drawnAt = Date.now();
            terminal.draw(cutTo(`${alias} ${region}: ${count(compared)} compared`, terminal.noteWidth));
          },
        }).finally(finder.close);
        if (terminal.isInteractive) terminal.erase();
        if (options.json) terminal.json(results);
        else terminal.out(describeReconciled(results, terminal));
        const isEqual =
          results.length > 0 &&
          results.every(
            ({ error, drifts, unreadable }) => error === undefined && drifts?.length === 0 && unreadable === 0,
          );
        if (!isEqual || signal.aborted) process.exitCode = 1;
      });
    });
}

function describeReconciled(results: readonly SourceReconciled[], terminal: Terminal): string[] {
  const rows = results.map(({ alias, accountId, region, compared, equal, pending, drifts }) => [
    ...[alias, accountId ?? '', region, compared ?? 0, equal ?? 0, pending ?? 0],
    drifts?.length ?? 0,
  ]);
  const lines = results.flatMap(({ alias, error, drifts = [], remedy }) => [
    ...(error === undefined ? [] : [`${alias}: ${error}`]),
    ...drifts.map(
      ({ accountId, region, commandId, instanceId, kind, members }) =>
        `${accountId} ${region}: command ${commandId} on ${instanceId} is ${SAYS[kind]}${members.length > 0 ? `: ${members.join(', ')}` : ''}.`,
    ),
    ...(remedy === undefined ? [] : [`${alias}: to collect what the service shows now, run: ${remedy}`]),
  ]);
  return [
    ...table(['SOURCE', 'ACCOUNT', 'REGION', 'SHOWN', 'EQUAL', 'PENDING', 'DIFFERING'], rows, terminal.outWidth),
    ...lines,
    sentence(results),
  ];
}

function sentence(results: readonly SourceReconciled[]): string {
  const drifts = results.reduce((sum, { drifts = [] }) => sum + drifts.length, 0);
  const failed = results.filter(({ error }) => error !== undefined).length;
  const unreadable = results.reduce((sum, { unreadable = 0 }) => sum + unreadable, 0);
  if (drifts > 0)
    return `${counted(drifts, 'invocation')} ${drifts === 1 ? 'differs' : 'differ'} from what the service shows.`;
  if (failed > 0) return `${counted(failed, 'source')} could not be read to the end: nothing is proven about them.`;
  if (unreadable > 0)
    return `The service shows ${counted(unreadable, 'invocation')} without the ids that a comparison needs: nothing is proven about ${unreadable === 1 ? 'it' : 'them'}.`;
  if (results.every(({ equal = 0 }) => equal === 0))
    return 'The service shows nothing that has ended, and the archive has nothing that the service should still show: nothing was compared.';
  return 'Everything that the service shows and that has ended is in the archive, byte for byte.';
}
