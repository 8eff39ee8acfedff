import { UserFault } from '../lib/errors/user-fault.ts';
import { nearNames, proposalOf } from '../lib/words/near-names.ts';

/** No report has this name. */
export class ReportNotFound extends UserFault {
  override name = 'ReportNotFound';

  /** ` Did you mean "what-ran"?`; empty if no name is similar. */
  readonly proposal: string;

  /** `names` are the names of the existing reports. */
  constructor(report: string, names: Iterable<string>) {
    const proposal = proposalOf(nearNames(report, names));
    super(`There is no report "${report}".${proposal}`, { exitCode: 2 });
    this.proposal = proposal;
  }
}

/**
 * A report of this name ships with ssm-archive or is defined in archive.yaml. Neither kind can be changed through the
 * API.
 */
export class ReportIsFixed extends UserFault {
  override name = 'ReportIsFixed';

  constructor(report: string, origin: 'built-in' | 'configured') {
    const where = origin === 'built-in' ? 'ships with ssm-archive' : 'is defined in archive.yaml';
    super(`The report "${report}" ${where} and can't be changed or deleted here. Save yours under another name.`, {
      exitCode: 2,
    });
  }
}

/** The file of saved reports is not as it was saved: somebody edited it. Lists each fault with its key. */
export class ReportsFileInvalid extends UserFault {
  override name = 'ReportsFileInvalid';
  readonly faults: readonly string[];

  constructor(path: string, faults: readonly string[]) {
    super([`The file of saved reports ${path} has faults:`, ...faults.map((fault) => `  ${fault}`)], { exitCode: 2 });
    this.faults = faults;
  }
}

/** Other processes keep saving reports, or the lock file was left behind. */
export class ReportsFileBusy extends UserFault {
  override name = 'ReportsFileBusy';

  constructor(lock: string) {
    super(
      `Other processes have been changing the saved reports for too long. If no such process runs, remove ${lock}.`,
    );
  }
}

/** A report in archive.yaml can't be written by its schedule, or has a name that is taken. */
export class ReportsMisconfigured extends UserFault {
  override name = 'ReportsMisconfigured';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(['The reports of archive.yaml have faults:', ...faults.map((fault) => `  ${fault}`)], { exitCode: 2 });
    this.faults = faults;
  }
}
