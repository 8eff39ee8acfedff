/** What reading a value needs to know beside the value. */
export interface ReadingContext {
  /** What relative times are counted from. */
  now: Date;
  /**
   * The statuses that the archive has beside those that AWS lists: the service may give one that nobody knows, and it can be asked for.
   * Looked up only for a status that AWS does not list. Absent if there is no archive yet: then such a status is not judged.
   */
  statuses?: (() => Iterable<string>) | undefined;
  /** The accounts and regions that the archive knows, to propose near ones; looked up only for a value of a wrong form. */
  accounts?: (() => Iterable<string>) | undefined;
  regions?: (() => Iterable<string>) | undefined;
}

/** A value that was understood, or what is wrong with it: a sentence without its subject, "must be 12 digits, not "123"". */
export type Reading<Value> = { readonly value: Value } | { readonly fault: string };

/** Reads a value that was typed once, or several times where the surface lets a person repeat it. */
export type Read<Value> = (typed: readonly string[], context: ReadingContext) => Reading<Value>;

const MOST_SHOWN = 40;

/** What was typed, as a sentence repeats it: in quotes, and cut. */
export function shown(typed: string): string {
  return `"${typed.length > MOST_SHOWN ? `${typed.slice(0, MOST_SHOWN)}…` : typed}"`;
}
