import { tmpdir } from 'node:os';
import type { Command } from '@commander-js/extra-typings';
import { makeWorkFolder, removeDeadWork } from '../../archive/evidence/work-folder.ts';
import { loadConfig } from '../../config/load-config.ts';
import { faultOfSchedule } from '../../ingest/schedule.ts';
import { loadDuckDb } from '../../lake/parquet/load-duckdb.ts';
import { bindReport } from '../../questions/reports/bind-report.ts';
import type { Report, ReportParameterType } from '../../questions/reports/report.ts';
import { findReport } from '../../reports/find-report.ts';
import { listReports } from '../../reports/list-reports.ts';
import type { ReportsDeps } from '../../reports/reports-deps.ts';
import { toSqlParams } from '../../reports/to-sql-params.ts';
import { judgeTrial } from '../portable/judge-trial.ts';
import { makeTrialArchives } from '../portable/make-trial-archives.ts';
import { openPortableTrial } from '../portable/try-portable.ts';
import { wrongCall } from '../sql/run-question.ts';
import { stopSignal, type Terminal } from '../terminal.ts';
import { table } from '../text/format.ts';

const HELP = `
Makes two small archives of the same simulated runs, with hard texts in the place of what a person or a node may have \
written, in the temporary folder, of which one has sealed most of its days; \
runs the report on both engines, with the default values of its parameters; and compares each cell. A report that is \
portable gives the same answer with engine: lake. docs/sql.md has a table of what differs, and what means the same in \
both. It needs DuckDB beside ssm-archive, and reads nothing of your own archive but its saved reports.

Exit codes: 0 every report that was checked is portable, 1 one is not or the check was stopped, 2 the call is wrong.`;

/** Values of parameters without a default. The simulated runs are of the last thirty days. */
const TRIAL_VALUES: Readonly<Record<ReportParameterType, string>> = {
  ...{ text: '', integer: '1', real: '1', date: '-20d', time: '-20d', zone: 'UTC' },
};

interface CheckDeps {
  depsOf: () => ReportsDeps;
  /** The options of `report` that the call has. They are for running a report. */
  given: () => readonly { long?: string | undefined }[];
}

/** `report check --portable`: says of each report whether both engines give the same answer. */
export function addReportCheck(
  check: Command<[], Record<never, never>, Record<never, never>>,
  terminal: Terminal,
  { depsOf, given }: CheckDeps,
): void {
  check
    .description('compare what both engines answer to a report, or to each of them')
    .argument('[name]', 'the report; by default each')
    .option('--portable', 'compare the archive’s engine with the lake’s; so far the only check')
    .addHelpText('after', HELP)
    .action(async (name, options) => {
      const [wrong] = given();
      if (wrong) throw wrongCall(`${wrong.long ?? ''} is for running a report, not for report check.`);
      if (options.portable !== true) throw wrongCall('Say what to check: report check --portable.');
      const reports = name === undefined ? await listReports(depsOf()) : [await findReport(depsOf(), name)];
      const duckDb = await loadDuckDb();
      const { config } = loadConfig(faultOfSchedule);
      await removeDeadWork(tmpdir());
      const { signal } = stopSignal(terminal, 'Stopping. The two archives will be removed.');
      const work = makeWorkFolder(tmpdir(), 'trial');
      try {
        terminal.note('Making two archives of simulated runs; this takes some seconds.');
        const now = new Date();
        const trial = openPortableTrial(await makeTrialArchives(work.path, { duckDb, now, signal }), config);
        try {
          const rows: string[][] = [];
          for (const one of reports) {
            if (signal.aborted) break;
            const tried = await trial.tryOn(one.sql, toSqlParams(bindReport(one, valuesFor(one), now)));
            const why = judgeTrial(one, tried.why);
            if (why !== undefined) process.exitCode = 1;
            rows.push([one.name, `${tried.rows ?? '–'}`, why === undefined ? 'yes' : 'no', why ?? '']);
          }
          if (signal.aborted) {
            process.exitCode = 1;
            terminal.note('Not checked: stopped before the end.');
            return;
          }
          terminal.out(table(['REPORT', 'ROWS', 'PORTABLE', 'WHY NOT'], rows, terminal.outWidth));
        } finally {
          await trial.close();
        }
      } finally {
        work.remove();
      }
    });
}

function valuesFor({ parameters }: Report): Record<string, string> {
  return Object.fromEntries(
    parameters.flatMap(({ name, type, default: otherwise }) =>
      otherwise === undefined ? [[name, TRIAL_VALUES[type]]] : [],
    ),
  );
}
