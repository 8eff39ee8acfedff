import { sayWholeFrom } from '../../../../questions/say-whole-from.ts';

/**
 * The line beside what was made of the rows of the file alone; nothing if nothing can be missing. `what` names it, as
 * in "This count". The server and the script of the page use it, so everything that it imports must run in both.
 */
export function WholeFrom({ day, what }: { day: string | undefined; what?: string }) {
  return day === undefined ? null : <p class="note">{sayWholeFrom(day, what)}</p>;
}
