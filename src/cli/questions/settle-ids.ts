import { resolvePrefix } from '../../archive/values/resolve-prefix.ts';
import type { ArchiveDb } from '../../db/open.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { ID_FILTERS } from '../../questions/filter-groups.ts';
import type { InvocationFilter } from '../../questions/filters.ts';
import type { Terminal } from '../terminal.ts';
import { longOf } from './filter-options.ts';

/**
 * If only one id of a command or node begins with the given text, replaces the text with that id, and prints the id on
 * standard error. With `mustBeWhole`, throws UserFault with that id instead: a removal can't be undone, so the caller
 * must give the whole id. Also throws UserFault if several ids begin with the text.
 */
export function settleIds<Filter extends InvocationFilter>(
  sqlite: ArchiveDb['sqlite'],
  filter: Filter,
  { terminal, mustBeWhole = false }: { terminal: Pick<Terminal, 'note'>; mustBeWhole?: boolean },
): Filter {
  let settled = filter;
  for (const name of ID_FILTERS) {
    const typed = filter[name];
    if (typed === undefined) continue;
    const found = resolvePrefix(sqlite, name, typed);
    const given = `${longOf(name)} "${typed}"`;
    if (found.kind === 'many')
      throw new UserFault(
        `${given} is the beginning of several ids, such as ${found.examples.join(', ')}: give more of the one that is meant.`,
        { exitCode: 2 },
      );
    if (found.kind !== 'one') continue;
    if (mustBeWhole)
      throw new UserFault(
        `${given} is not a whole id, and --execute takes only whole ones: give ${longOf(name)} ${found.value}.`,
        { exitCode: 2 },
      );
    terminal.note(`${given} is taken for ${found.value}, the only id in the archive that begins with it.`);
    settled = { ...settled, [name]: found.value };
  }
  return settled;
}
