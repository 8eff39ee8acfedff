/** What is wrong: a sentence that names the row and what it affects. */
export interface Fault {
  what: string;
  /** The leaf number, if one entry of the ledger is wrong. */
  leaf?: number;
}

/** No more faults than this are reported: more would only make the list longer. */
const MOST_FAULTS = 100;

/** SQLite errors that come from the machine and not from the content of the file. With these, nothing was found out. */
const OF_THE_MACHINE = /^SQLITE_(BUSY|LOCKED|NOMEM|IOERR|FULL|INTERRUPT|CANTOPEN|PROTOCOL)/;

/** Adds a fault, unless the list is full. */
export function addFault(faults: Fault[], what: string, leaf?: number): void {
  if (faults.length < MOST_FAULTS) faults.push(leaf === undefined ? { what } : { what, leaf });
}

/**
 * The faults that a check finds. If the content of the file stops the check, for example a page that SQLite cannot
 * read, that is the check's fault to report: what it did not check does not count as right. Throws errors of the
 * machine.
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
      : `what is in the file cannot be checked: ${message}`,
  };
}
