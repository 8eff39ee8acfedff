import type { Command } from '@commander-js/extra-typings';
import { migrateExisting } from '../archive/file/migrate-archive.ts';
import { loadConfig } from '../config/load-config.ts';
import { faultOfSchedule } from '../ingest/schedule.ts';
import { createLogger } from '../lib/logger.ts';
import { fewFiles } from '../lib/too-many-files.ts';
import { UserFault } from '../lib/user-fault.ts';
import { type Service, startService } from '../service.ts';
import { ALL_OWN_FILES, findPlaceOf, settleOwnFiles } from './own-files.ts';
import { stopSignal, type Terminal } from './terminal.ts';

/** `serve`: collects by schedule and answers over HTTP, until SIGTERM or Ctrl-C. */
export function addServe(program: Command, terminal: Terminal): void {
  program
    .command('serve')
    .description('collect now and by schedule (SSM_ARCHIVE_SCHEDULE), and answer over HTTP')
    .option('--insecure-no-auth', 'serve other addresses than loopback without any token')
    .action(async ({ insecureNoAuth: isInsecureAllowed = false }) => {
      const read = loadConfig(faultOfSchedule);
      const log = createLogger(read.config.logLevel);
      for (const warning of [...read.warnings, fewFiles()]) if (warning !== undefined) log.warn(warning);
      findPlaceOf(read);
      const { isStopped, signal } = stopSignal(terminal, 'Stopping after the page in flight.');
      const say = (sentence: string) => log.warn(sentence);
      const start = async () => {
        // Before this process has the archive open itself.
        await migrateExisting(read.config.db, { say, signal });
        const { config, release } = await settleOwnFiles(read, ALL_OWN_FILES, say);
        const now = () => new Date();
        return startService({ config, log, now, isInsecureAllowed, signal }).finally(release);
      };
      let service: Service;
      try {
        service = await start();
      } catch (error) {
        // It was told to stop while it waited for others who have the archive open.
        if (!signal.aborted || !(error instanceof UserFault)) throw error;
        log.info(error.message);
        return;
      }
      await isStopped;
      await service.stop();
    });
}
