import type { Tombstone } from '../../ledger/entries/tombstone.ts';
import type { OpenFilter } from '../../questions/filters.ts';
import { isInOlderListings } from './in-older-listings.ts';
import { isInOlderStates } from './in-older-states.ts';
import { valuesAround, walkOf } from './index-walk.ts';
import { comments, namesOfNodes, namesOfSteps, senders } from './known-names.ts';
import { finds, firstKnown, inCommands, inRows, isCommand, type Look } from './look-for.ts';
import { nearBeginnings, nearest, nearParts } from './near-values.ts';

/** How a value of a filter is looked for, where nobody can list the possible ones. */
interface OpenValue {
  /**
   * Whether the archive has the value, in an invocation, in an earlier state of one, in a command, or in what it knows of passes and
   * holds. Undefined where that can't be found out quickly. What was pruned is not asked here.
   */
  has(look: Look, value: string): boolean | undefined;
  /** Values of the archive that a person may have meant by it, the nearest first. Names and comments: newer ones only. */
  near(look: Look, value: string): string[];
  /** Whether what a tombstone stands for may have had it; absent where no tombstone can say. */
  mayHaveGone?(tombstone: Tombstone, value: string): boolean;
  /** Tombstones name all values that have gone. */
  isInTombstones?: true;
}

/** By filter: whoever adds one whose values are open is asked for these by the compiler. */
export const OPEN_VALUES: { readonly [Filter in OpenFilter]: OpenValue } = {
  account: {
    has: ({ places }, value) => places().accounts.has(value) || (places().areAll ? false : undefined),
    near: ({ places }, value) => nearest(value, places().accounts),
    mayHaveGone: ({ places }, value) => places.some(({ accountId }) => accountId === value),
    isInTombstones: true,
  },
  region: {
    has: ({ places }, value) => places().regions.has(value) || (places().areAll ? false : undefined),
    near: ({ places }, value) => nearest(value, places().regions),
    mayHaveGone: ({ places }, value) => places.some(({ region }) => region === value),
    isInTombstones: true,
  },
  commandId: {
    has: (look, value) =>
      firstKnown(
        () => finds(look, 'SELECT 1 FROM main.invocations WHERE command_id = :value LIMIT 1', value),
        () => finds(look, 'SELECT 1 FROM main.holds WHERE command_id = :value LIMIT 1', value),
        () => isCommand(look, value),
      ),
    near: ({ sqlite }, value) => nearest(value, valuesAround(walkOf(sqlite, 'commandId'), value)),
    mayHaveGone: ({ selection }, value) => isSelected(selection.commandId, value),
  },
  instanceId: {
    has: (look, value) =>
      firstKnown(
        () =>
          finds(
            look,
            'SELECT 1 FROM main.invocations INDEXED BY invocations_instance WHERE instance_id = :value LIMIT 1',
            value,
          ),
        () => finds(look, 'SELECT 1 FROM main.holds WHERE instance_id = :value LIMIT 1', value),
        () => inCommands(look, 'instr(instance_ids_json, :part) > 0 OR instr(targets_json, :part) > 0', value),
        () => isInOlderListings(look.sqlite, 'instanceId', value) ?? false,
      ),
    near: ({ sqlite }, value) => nearest(value, valuesAround(walkOf(sqlite, 'instanceId'), value)),
    // A command that was removed with its last invocation may have named other nodes.
    mayHaveGone: ({ selection, commands }, value) => isSelected(selection.instanceId, value) || commands > 0,
  },
  instanceName: {
    has: (look, value) =>
      firstKnown(
        () => inRows(look, 'invocations', 'instr(instance_name, :value) = 1', value),
        () => isInOlderStates(look.sqlite, value, ({ instanceName }) => instanceName?.startsWith(value)),
      ),
    near: ({ sqlite }, value) => nearBeginnings(value, namesOfNodes(sqlite)),
  },
  documentName: {
    has: (look, value) =>
      firstKnown(
        () =>
          finds(
            look,
            'SELECT 1 FROM main.invocations INDEXED BY invocations_document WHERE document_name = :value LIMIT 1',
            value,
          ),
        () => inCommands(look, 'document_name = :value', value),
        // A command keeps its document. Older listings are looked through where that is possible.
        () => isInOlderListings(look.sqlite, 'documentName', value) ?? false,
        () => isInOlderStates(look.sqlite, value, ({ documentName }) => documentName === value) ?? false,
      ),
    near: ({ sqlite }, value) => nearest(value, valuesAround(walkOf(sqlite, 'documentName'), value)),
    mayHaveGone: ({ selection }, value) => isSelected(selection.documentName, value),
  },
  pluginName: {
    has: (look, value) =>
      firstKnown(
        () => inRows(look, 'plugins', 'name = :value', value),
        () => isInOlderStates(look.sqlite, value, ({ plugins }) => plugins.some(({ name }) => name === value)),
      ),
    near: ({ sqlite }, value) => nearest(value, namesOfSteps(sqlite)),
  },
  comment: {
    has: (look, value) =>
      firstKnown(
        () => inRows(look, 'invocations', 'instr(comment, :value) > 0', value),
        () => inCommands(look, 'instr(comment, :value) > 0', value),
        () => isInOlderListings(look.sqlite, 'comment', value) ?? false,
        () => isInOlderStates(look.sqlite, value, ({ comment }) => comment?.includes(value)),
      ),
    near: ({ sqlite }, value) => nearParts(value, comments(sqlite)),
  },
  sender: {
    has: (look, value) => finds(look, 'SELECT 1 FROM main.command_senders WHERE principal_arn = :value LIMIT 1', value),
    near: ({ sqlite }, value) => nearest(value, senders(sqlite)),
  },
};

/** All of them, in the order in which their values are told. */
export const OPEN_FILTERS = Object.keys(OPEN_VALUES).filter(isOpenFilter);

export function isOpenFilter(name: string): name is OpenFilter {
  return Object.hasOwn(OPEN_VALUES, name);
}

/** Whether a pruning may have removed the value: it was of all values, or of this one. */
function isSelected(selected: unknown, value: string): boolean {
  return selected === undefined || selected === value;
}
