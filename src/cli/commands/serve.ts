import type { Command } from '@commander-js/extra-typings';
import { migrateExisting } from '../../archive/file/migrate-archive.ts';
import { loadConfig } from '../../config/load-config.ts';
import { faultOfSchedule } from '../../ingest/schedule.ts';
import { fewFiles } from '../../lib/errors/too-many-files.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { serveLake } from '../../service/serve-lake.ts';
import { startService } from '../../service/service.ts';
import type { Service } from '../../service/service-deps.ts';
import { ALL_OWN_FILES, findOwnFiles, findPlaceOf, settleOwnFiles } from '../archive/own-files.ts';
import { logFormOf, openLog } from '../log/open-log.ts';
import { createPassesDisplay } from '../serving/passes-display.ts';
import { lakeServingLines, servingLines } from '../serving/serving-lines.ts';
import { stopSignal, type Terminal } from '../terminal.ts';

const HELP = `
On a terminal the server says in sentences where to open it and how its passes go. Elsewhere, under a service manager \
or in a container, it writes only a log of JSON lines to standard error. SSM_ARCHIVE_LOG=text or json chooses.`;

/** No note is needed: the log already says that the server stops. */
const QUIET = { note: () => {} };
const STOPPING = 'Stopping after the replies in flight; all that was collected stays.';

/** `serve`: collects by schedule and answers over HTTP, until SIGTERM or Ctrl-C. */
export function addServe(program: Command, terminal: Terminal): void {
  program
    .command('serve')
    .description('collect now and by schedule (SSM_ARCHIVE_SCHEDULE), and answer over HTTP')
    .option('--host <address>', 'listen on this address instead of SSM_ARCHIVE_HOST')
    .option('--port <number>', 'listen on this port instead of SSM_ARCHIVE_PORT; 0 takes any')
    .option('--insecure-no-auth', 'listen on addresses other than loopback even if there is no token')
    .option(
      '--lake-only',
      'answer from the sealed days of all archives of SSM_ARCHIVE_LAKE; collect nothing, need no archive',
    )
    .addHelpText('after', HELP)
    .action(async ({ host, port, insecureNoAuth: isInsecureAllowed = false, lakeOnly: isLakeOnly = false }) => {
      const read = loadConfig(faultOfSchedule, { host, port });
      const form = logFormOf(read.config.log, true, terminal);
      const isForPeople = form === 'text';
      const log = openLog(terminal, read.config.logLevel, form);
      for (const warning of [...read.warnings, fewFiles()]) if (warning !== undefined) log.warn(warning);
      if (!isLakeOnly) findPlaceOf(read);
      const { isStopped, signal } = stopSignal(isForPeople ? terminal : QUIET, STOPPING);
      const say = (sentence: string) => log.warn(sentence);
      const now = () => new Date();
      const display = isForPeople && !isLakeOnly ? createPassesDisplay(terminal, now) : undefined;
      const startAlone = async () => {
        const { config, release } = findOwnFiles(read, ['authDb', 'accessDb', 'reportsFile']);
        const onServing = ({ url }: { url: string }) => terminal.note(lakeServingLines(config, url));
        return await serveLake({
          ...{ config, log, now, isInsecureAllowed, signal },
          ...(isForPeople && { watch: { onServing, onPass: () => {} } }),
        }).finally(release);
      };
      const start = async () => {
        // An archive of an older version is migrated before this process opens it.
        await migrateExisting(read.config.db, { say, signal });
        const { config, release } = await settleOwnFiles(read, ALL_OWN_FILES, say);
        const started = await startService({
          ...{ config, log, now, isInsecureAllowed, signal },
          ...(display && {
            watch: {
              onServing: ({ url }: { url: string }) => terminal.note(servingLines(config, url)),
              onPass: display.show,
            },
          }),
        }).finally(release);
        display?.started(started.nextPass);
        return started;
      };
      let service: Pick<Service, 'stop'>;
      try {
        service = isLakeOnly ? await startAlone() : await start();
      } catch (error) {
        display?.end();
        // The server was told to stop while it waited for other processes to close the archive.
        if (!signal.aborted || !(error instanceof UserFault)) throw error;
        log.info(error.message);
        return;
      }
      await isStopped;
      await service.stop();
      display?.end();
    });
}
