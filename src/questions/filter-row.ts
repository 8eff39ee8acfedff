import type { Read } from './reading.ts';

/** All facts about a filter. */
export interface FilterRow {
  /**
   * The API's name of the member of an invocation or a step that the filter checks; absent if there is no such member.
   */
  member?: string;
  /** Whether the filter applies to the invocation or to a step. All filters of a step apply to the same step. */
  of: 'invocation' | 'step';
  /** The filter's label in the console's forms. */
  label: string;
  /** The command line's option. `says` is its help and begins in lower case. */
  option: { flags: string; says: string };
  /** The filter's text in the API's description. */
  about: string;
  /** An example value for the API's description and the console's fields. */
  example: string;
  /** Whether several values may be given; one of them must match. */
  many?: true;
  /** Turns the typed text into a value, or returns a sentence that says what is wrong with it. */
  read: Read<unknown>;
  /** Whether the filter proposes similar values of the archive if a value is wrong. */
  asksArchive?: true;
  /**
   * Present if nobody can list all possible values: the words for a value in sentences, after "has never seen" and
   * after "has". A value that the archive has never seen is then reported. The compiler requires a way to look for such
   * a value in archive/values/open-values.ts.
   */
  open?: { never: string; none: string };
  /**
   * Whether people may type only the first letters of an id. archive/values/resolve-prefix.ts has the form of a whole
   * id.
   */
  isId?: true;
  /** Whether a report's parameter may take the filter's values. They are texts; the empty text means no filter. */
  isOfReports?: true;
  /**
   * How the console's forms show the filter. `hasHint`: with its example, because its form is not obvious. `isRare`:
   * only after a click on "More filters", to save room. `isSuggested`: it has too many values to send with the page, so
   * they are looked up while a person types (archive/nodes/suggest-values.ts).
   */
  field?: { hasHint?: true; isRare?: true; isSuggested?: true };
}
