/** What is wrong, as a sentence that names the row, and what it touches. */
export interface Fault {
  what: string;
  /** Leaf number, where it is one entry of the ledger that is wrong. */
  leaf?: number;
}

/** So many are told; more only make the list longer. */
export const MOST_FAULTS = 100;

/** Adds a fault, up to the most that are told. */
export function addFault(faults: Fault[], what: string, leaf?: number): void {
  if (faults.length < MOST_FAULTS) faults.push(leaf === undefined ? { what } : { what, leaf });
}
