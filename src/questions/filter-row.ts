import type { Read } from './reading.ts';

/** The facts about a filter, each written once. */
export interface FilterRow {
  /** The API's name of the member that it looks at, of an invocation or of a step; absent if there is none. */
  member?: string;
  /** Whether it applies to the invocation or to a step. All filters of a step apply to the same step. */
  of: 'invocation' | 'step';
  /** Its label in the console's forms. */
  label: string;
  /** The command line's option. `says` is its help and begins in lower case. */
  option: { flags: string; says: string };
  /** Its text in the API's description. */
  about: string;
  /** An example value for the API's description and the console's fields. */
  example: string;
  /** Whether several values may be given, of which one must match. */
  many?: true;
  /** Turns the typed text into a value, or returns a sentence that says what is wrong with it. */
  read: Read<unknown>;
  /** Whether it proposes near values of the archive for a wrong one. */
  asksArchive?: true;
  /**
   * Present if nobody can list all possible values. A value that the archive has never seen is then reported; these are
   * the words after "has never seen" and "has". The compiler requires a way to look for it in
   * archive/values/open-values.ts.
   */
  open?: { never: string; none: string };
  /**
   * Whether people type its ids by their first letters. archive/values/resolve-prefix.ts has the form of a whole id.
   */
  isId?: true;
  /** Whether a report's parameter may take its values: texts, where the empty text means no filter. */
  isOfReports?: true;
  /**
   * How the console's forms show it. `hasHint`: with its example, since its form is not obvious. `isRare`: behind "More
   * filters", to save room. `isSuggested`: it has too many values to send with the page, so they are looked up while a
   * person types (archive/nodes/suggest-values.ts).
   */
  field?: { hasHint?: true; isRare?: true; isSuggested?: true };
}
