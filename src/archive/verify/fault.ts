/** What is wrong, as a sentence that names the row, and what it touches. */
export interface Fault {
  what: string;
  /** Leaf number, where it is one entry of the ledger that is wrong. */
  leaf?: number;
}

/** So many are told; more only make the list longer. */
export const MOST_FAULTS = 100;

/** What SQLite says of the machine, and not of what is in the file: with these nothing was found out. */
const OF_THE_MACHINE = /^SQLITE_(BUSY|LOCKED|NOMEM|IOERR|FULL|INTERRUPT|CANTOPEN|PROTOCOL)/;

/** Adds a fault, up to the most that are told. */
export function addFault(faults: Fault[], what: string, leaf?: number): void {
  if (faults.length < MOST_FAULTS) faults.push(leaf === undefined ? { what } : { what, leaf });
}

/**
 * What a check finds. One that what is in the file stops, such as a page that SQLite can't read, has that as its finding: what it did
 * not look at is not held to be right. Throws what is of the machine.
 */
export function findings(check: () => Fault[]): Fault[] {
  try {
    return check();
  } catch (error) {
    return [faultOf(error)];
  }
}

/** The fault that an error of a check is. Throws the error where it is of the machine. */
export function faultOf(error: unknown): Fault {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (OF_THE_MACHINE.test(code)) throw error;
  const message = error instanceof Error ? error.message : String(error);
  return {
    what: code.startsWith('SQLITE_')
      ? `SQLite can not read the file: ${message}`
      : `what is in the file can not be checked: ${message}`,
  };
}
