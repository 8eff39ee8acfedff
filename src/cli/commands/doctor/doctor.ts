import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Command } from '@commander-js/extra-typings';
import { checkArchive } from '../../../archive/file/check-archive.ts';
import { findPlace } from '../../../archive/file/ensure-archive.ts';
import type { Config } from '../../../config/config.ts';
import { loadConfig } from '../../../config/load-config.ts';
import { openArchiveReadOnly } from '../../../db/open.ts';
import { type Check, checkSource } from '../../../ingest/check-source.ts';
import { faultOfSchedule } from '../../../ingest/schedule.ts';
import { UserFault } from '../../../lib/errors/user-fault.ts';
import { checkReports } from '../../../reports/check-reports.ts';
import { ALL_OWN_FILES, findOwnFiles } from '../../archive/own-files.ts';
import { stopSignal, type Terminal } from '../../terminal.ts';
import { bytes, counted } from '../../text/format.ts';
import { joined, type Line, styled } from '../../text/line.ts';
import { lakeOf } from '../seal/lake-of.ts';
import { checkFullOutputs } from './check-full-outputs.ts';
import { checkLake } from './check-lake.ts';
import { checkModes } from './check-modes.ts';
import { checkOwed } from './check-owed.ts';
import { checkSigning } from './check-signing.ts';

const DISK_FAILURE_BYTES = 100 * 2 ** 20;
const DISK_WARNING_BYTES = 2 * 2 ** 30;

/** `doctor`: checks everything that a pass needs, and names a remedy for each fault. */
export function addDoctor(program: Command, terminal: Terminal): void {
  program
    .command('doctor')
    .description(
      'check credentials, permissions, clocks, disk, the archive file, what signs it and who may read it; each fault with a remedy',
    )
    .option(
      '--lake',
      'also look into the lake: objects that the ledger does not name or that are missing, days that wait',
    )
    .option('--json', 'print as JSON')
    .action(async (options) => {
      const read = loadConfig(faultOfSchedule);
      const { config, release } = findOwnFiles(read, ALL_OWN_FILES);
      release();
      const lake = options.lake ? lakeOf(config) : undefined;
      const { signal } = stopSignal(terminal, 'Stopping.');
      const checks: Check[] = [];
      const say = (found: Check[]) => {
        checks.push(...found);
        if (!options.json) for (const check of found) terminal.out([checkLine(check)]);
      };
      say(read.warnings.map((detail) => ({ what: 'configuration', state: 'warning', detail })));
      say([{ what: 'configuration', state: 'ok', detail: counted(config.sources.length, 'source') }]);
      say(
        config.refused.map(({ alias, region, sentence }) => ({
          what: [alias, region].filter(Boolean).join(' '),
          state: 'failed',
          detail: sentence,
        })),
      );
      say([await checkDisk(config)]);
      // This line says what takes so long: all pages of the file are read.
      if (terminal.isInteractive) terminal.draw(`Checking ${config.db} page by page.`);
      const file = checkFile(config);
      if (terminal.isInteractive) terminal.erase();
      say([file]);
      say(checkOwed(config));
      say(checkFullOutputs(config, Date.now()));
      say(checkSigning(config));
      say(checkModes(read, config));
      if (lake) say(await checkLake(config, lake, { nowMs: Date.now(), signal }));
      say(await checkDeliveries(config));
      const places = new Map<string, string>();
      for (const source of config.sources) {
        for (const region of source.regions.length > 0 ? source.regions : [undefined]) {
          if (signal.aborted) break;
          say(
            await checkSource(
              {
                ...{ now: () => new Date(), random: Math.random, signal, onSilence: terminal.warn },
                ...{ aws: config.aws, callDeadlineMs: config.callDeadlineMs, places },
                fullOutputs: config.fullOutputs,
              },
              source,
              region,
            ),
          );
        }
      }
      if (options.json) terminal.json(checks);
      const failed = checks.filter(({ state }) => state === 'failed').length;
      if (!options.json) terminal.out(failed === 0 ? 'All is well.' : `${counted(failed, 'check')} failed.`);
      if (failed > 0 || signal.aborted) process.exitCode = 1;
    });
}

function checkLine({ what, state, detail }: Check): Line {
  const mark = {
    ok: styled('green', 'ok     '),
    warning: styled('yellow', 'warning'),
    failed: styled('red', 'FAILED '),
  }[state];
  return joined(mark, `  ${what}: ${detail}`);
}

async function checkDisk(config: Config): Promise<Check> {
  let folder = dirname(config.db);
  while (!existsSync(folder)) folder = dirname(folder);
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const what = 'disk';
  if (free >= DISK_WARNING_BYTES) return { what, state: 'ok', detail: `${bytes(free)} free in ${folder}` };
  const detail = `Only ${bytes(free)} free in ${folder}. Free some space, or move the archive with SSM_ARCHIVE_DB.`;
  return { what, state: free < DISK_FAILURE_BYTES ? 'failed' : 'warning', detail };
}

/** The check of reports and schedules; empty if neither reports nor schedules are configured. */
async function checkDeliveries({ reports, reportsFile, deliveries }: Config): Promise<Check[]> {
  if (reports.length === 0 && deliveries.length === 0) return [];
  const what = 'reports';
  try {
    await checkReports({ configured: reports, reportsFile }, deliveries, new Date());
    const detail = `${counted(reports.length, 'report')} in archive.yaml, ${counted(deliveries.length, 'schedule')}`;
    return [{ what, state: 'ok', detail }];
  } catch (error) {
    return [{ what, state: 'failed', detail: error instanceof UserFault ? error.message : String(error) }];
  }
}

function checkFile(config: Config): Check {
  const what = 'archive';
  try {
    // If no archive may be made, the sentence is the one that `serve` and `ingest` would print.
    if (findPlace(config) === 'nothing')
      return {
        what,
        state: 'ok',
        detail: `${config.db} does not exist yet; "ssm-archive init" or the first pass makes it`,
      };
    const db = openArchiveReadOnly(config.db);
    const faults = checkArchive(db.sqlite);
    db.close();
    db.confirm();
    if (faults.length === 0) return { what, state: 'ok', detail: `${config.db} is whole` };
    return {
      what,
      state: 'failed',
      detail: `${config.db} is damaged: ${faults.join('; ')}. Keep the file, and restore the newest backup of it.`,
    };
  } catch (error) {
    return { what, state: 'failed', detail: error instanceof UserFault ? error.lines.join(' ') : String(error) };
  }
}
