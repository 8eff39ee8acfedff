import { UserFault } from '../lib/errors/user-fault.ts';

/** A fault of the configuration: the key as its reader wrote it, and what is wrong with it. */
export interface ConfigFault {
  key: string;
  problem: string;
  /** Where in the file of settings that stands, such as `archive.yaml, line 3`; undefined for what no file says. */
  where?: string;
  /** Lines of the file that show where, as they are to stand under the problem. */
  shown?: readonly string[];
}

/** All faults of the configuration at once, one a line. */
export class ConfigInvalid extends UserFault {
  override name = 'ConfigInvalid';
  readonly faults: ConfigFault[];

  constructor(faults: ConfigFault[]) {
    const lines = faults.flatMap(({ key, problem, where, shown = [] }) => [
      `  ${key}: ${problem}${where === undefined ? '' : ` (${where})`}`,
      ...shown.map((line) => `    ${line}`),
    ]);
    super(['The configuration has faults:', ...lines], { exitCode: 2 });
    this.faults = faults;
  }
}
