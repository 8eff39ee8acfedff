import type { Command } from '@commander-js/extra-typings';
import { loadConfig } from '../../../config/load-config.ts';
import { faultOfSchedule } from '../../../ingest/schedule.ts';
import { unsealApart } from '../../../processes/lake/seal-apart.ts';
import { openOwnLog } from '../../log/open-log.ts';
import { stopSignal, type Terminal } from '../../terminal.ts';
import { counted } from '../../text/format.ts';
import { lakeOf } from './lake-of.ts';
import { levelOf } from './level-of.ts';
import { readDay } from './read-day.ts';
import { createSealProgress } from './seal-progress.ts';

const HELP = `
The rows come back with the ids and states that they had, and SQL and reports see them again. The day stays in the lake \
and in the ledger, and the first day that was never sealed stays the same. The next seal seals the day again.`;

/** `unseal`: brings the rows of one sealed day back from the lake. */
export function addUnseal(program: Command, terminal: Terminal): void {
  program
    .command('unseal')
    .description('bring the rows of a sealed day back from the lake into the archive’s file')
    .requiredOption('--day <day>', 'the day, such as 2026-03-01')
    .option('--json', 'print as JSON')
    .addHelpText('after', HELP)
    .action(async ({ day: given, json }) => {
      const { config } = loadConfig(faultOfSchedule);
      const day = readDay('--day', given);
      lakeOf(config);
      const { signal } = stopSignal(terminal, 'Stopping after the present part; run it again to go on.');
      const progress = createSealProgress(terminal);
      try {
        const logLevel = levelOf(openOwnLog(terminal, config));
        const done = await unsealApart({ config, logLevel, day }, { signal, onProgress: progress.show });
        progress.end();
        if (json) terminal.json(done);
        else
          terminal.out([
            `Back      ${day}  ${counted(done.invocations, 'invocation')}`,
            ...(done.isStopped
              ? ['Stopped before the end: run it again to go on. The next seal removes what came back.']
              : ['They stay in the archive’s file until the day is sealed again.']),
          ]);
        if (done.isStopped) process.exitCode = 1;
      } finally {
        progress.end();
      }
    });
}
