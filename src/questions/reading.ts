/** The facts that are needed to read a value, besides the value itself. */
export interface ReadingContext {
  /** The moment from which relative times count. */
  now: Date;
  /**
   * Returns the statuses of the archive that AWS does not list: the service may send an unknown status, and people may
   * search for it. Called only for a status that AWS does not list. Absent if there is no archive yet; then any status
   * is accepted.
   */
  statuses?: (() => Iterable<string>) | undefined;
  /**
   * The accounts and regions in the archive. Similar ones are proposed for a wrong value. Called only for a value with
   * a wrong form.
   */
  accounts?: (() => Iterable<string>) | undefined;
  regions?: (() => Iterable<string>) | undefined;
}

/** The value, or what is wrong: a sentence without its subject, such as "must be 12 digits, not "123"". */
export type Reading<Value> = { readonly value: Value } | { readonly fault: string };

/** Reads a value that was given once, or several times if the API, form or command allows that. */
export type Read<Value> = (typed: readonly string[], context: ReadingContext) => Reading<Value>;

const MOST_SHOWN = 40;

/** Returns the typed text for use in a sentence: in quotes, and cut if it is long. */
export function shown(typed: string): string {
  return `"${typed.length > MOST_SHOWN ? `${typed.slice(0, MOST_SHOWN)}…` : typed}"`;
}
