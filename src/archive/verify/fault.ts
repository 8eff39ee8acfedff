/** Something that is wrong. `what` is a sentence that names the row. */
export interface Fault {
  what: string;
  /** The leaf number, if one entry of the ledger is wrong. */
  leaf?: number;
}

/** At most this many faults are reported for one check. */
const MOST_FAULTS = 100;

/** SQLite errors that come from the machine, not from the content of the file. They say nothing about the archive. */
const OF_THE_MACHINE = /^SQLITE_(BUSY|LOCKED|NOMEM|IOERR|FULL|INTERRUPT|CANTOPEN|PROTOCOL)/;

/** Adds a fault, unless the list is full. */
export function addFault(faults: Fault[], what: string, leaf?: number): void {
  if (faults.length < MOST_FAULTS) faults.push(leaf === undefined ? { what } : { what, leaf });
}

/**
 * Returns the faults that a check finds. If the content of the file stops the check, for example a page that SQLite
 * cannot read, returns that as a fault: what was not checked does not count as correct. Throws errors that come from
 * the machine.
 */
export function findings(check: () => Fault[]): Fault[] {
  try {
    return check();
  } catch (error) {
    return [faultOf(error)];
  }
}

/** The fault for an error in a check. Throws the error if it comes from the machine. */
export function faultOf(error: unknown): Fault {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (OF_THE_MACHINE.test(code)) throw error;
  const message = error instanceof Error ? error.message : String(error);
  return {
    what: code.startsWith('SQLITE_')
      ? `SQLite cannot read the file: ${message}`
      : `the content of the file cannot be checked: ${message}`,
  };
}
