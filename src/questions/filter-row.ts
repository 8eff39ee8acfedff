import type { Read } from './reading.ts';

/** What is written once of each filter. */
export interface FilterRow {
  /** The member of an invocation or of a step that it looks at, as the API names it; absent where there is none. */
  member?: string;
  /** What it holds for: filters of a step hold for one and the same step. */
  of: 'invocation' | 'step';
  /** In the console's forms. */
  label: string;
  /** The command line's option. `says` is its help, and begins in lower case. */
  option: { flags: string; says: string };
  /** For the API's description. */
  about: string;
  /** As the API's description and the console's fields show one. */
  example: string;
  /** Whether several values may be given; any of them holds then. */
  many?: true;
  /** From what was typed to what is asked, or the sentence that says what is wrong. */
  read: Read<unknown>;
  /** For a wrong value it proposes near ones of the archive. */
  asksArchive?: true;
  /**
   * Present where nobody can list the possible values, so that one which the archive has never seen is told: what a value is, to stand
   * behind "has never seen" and "has". The compiler then asks archive/values/open-values.ts how to look for it.
   */
  open?: { never: string; none: string };
  /**
   * Whether people type ids of it by their first letters. archive/values/resolve-prefix.ts has the form of a whole one.
   */
  isId?: true;
  /** Whether a report's parameter may take its values: texts, of which the empty one leaves all in. */
  isOfReports?: true;
  /**
   * How the console's forms show it. `hasHint`: with its example, since its form is not plain. `isRare`: behind "More filters", to save room.
   * `isSuggested`: its values are too many to be sent with the page, and are looked up while one types
   * (archive/nodes/suggest-values.ts).
   */
  field?: { hasHint?: true; isRare?: true; isSuggested?: true };
}
