import type { Tombstone } from '../../ledger/entries/tombstone.ts';
import type { OpenFilter } from '../../questions/filters.ts';
import { isInSealedValue, sealedWalk } from '../sealed/sealed-values.ts';
import { isInOlderListings } from './in-older-listings.ts';
import { isInOlderStates } from './in-older-states.ts';
import { valuesAround, walkOf } from './index-walk.ts';
import { comments, namesOfNodes, namesOfSteps, senders } from './known-names.ts';
import { finds, firstKnown, inCommands, inRows, isCommand, isSealed, type Look } from './look-for.ts';
import { nearBeginnings, nearest, nearParts } from './near-values.ts';

/** How to search for a value of a filter whose possible values nobody can list. */
interface OpenValue {
  /**
   * Whether the archive has the value in an invocation, an earlier state, a command, or in what it knows about passes
   * and holds. Undefined if that can't be found out quickly. Pruned data is not considered here.
   */
  has(look: Look, value: string): boolean | undefined;
  /**
   * Values in the archive that a person may have meant, the most similar first. For names and comments, only newer
   * values are searched.
   */
  near(look: Look, value: string): string[];
  /** Whether something with the value may have been pruned; absent if tombstones cannot show that. */
  mayHaveGone?(tombstone: Tombstone, value: string): boolean;
  /** Set if tombstones name all values that were removed. */
  isInTombstones?: true;
}

/** The search for each open filter. If somebody adds an open filter, the compiler demands a member for it here. */
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
        () => isSealed(look, 'commandId', value),
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
        () => isSealed(look, 'instanceId', value),
        () => finds(look, 'SELECT 1 FROM main.holds WHERE instance_id = :value LIMIT 1', value),
        () => inCommands(look, 'instr(instance_ids_json, :part) > 0 OR instr(targets_json, :part) > 0', value),
        () => isInOlderListings(look.sqlite, 'instanceId', value) ?? false,
      ),
    near: ({ sqlite }, value) => nearest(value, valuesAround(walkOf(sqlite, 'instanceId'), value)),
    // A removed command may have named nodes on which it never ran.
    mayHaveGone: ({ selection, commands }, value) => isSelected(selection.instanceId, value) || commands > 0,
  },
  instanceName: {
    has: (look, value) =>
      firstKnown(
        () => sealedWalk(look.sqlite, 'instanceName').from(value)?.startsWith(value) ?? false,
        () => inRows(look, 'invocations', 'instr(instance_name, :value) = 1', value),
        () => isInOlderStates(look.sqlite, value, ({ instanceName }) => instanceName?.startsWith(value)),
      ),
    near: ({ sqlite }, value) => nearBeginnings(value, namesOfNodes(sqlite, value)),
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
        () => isSealed(look, 'documentName', value),
        () => inCommands(look, 'document_name = :value', value),
        // A command should never change its document. Older listings are read all the same, if there are not too many.
        () => isInOlderListings(look.sqlite, 'documentName', value) ?? false,
        () => isInOlderStates(look.sqlite, value, ({ documentName }) => documentName === value) ?? false,
      ),
    near: ({ sqlite }, value) => nearest(value, valuesAround(walkOf(sqlite, 'documentName'), value)),
    mayHaveGone: ({ selection }, value) => isSelected(selection.documentName, value),
  },
  pluginName: {
    has: (look, value) =>
      firstKnown(
        () => isSealed(look, 'pluginName', value),
        () => inRows(look, 'plugins', 'name = :value', value),
        () => isInOlderStates(look.sqlite, value, ({ plugins }) => plugins.some(({ name }) => name === value)),
      ),
    near: ({ sqlite }, value) => nearest(value, namesOfSteps(sqlite, value)),
  },
  comment: {
    has: (look, value) =>
      firstKnown(
        () => inRows(look, 'invocations', 'instr(comment, :value) > 0', value),
        () => inCommands(look, 'instr(comment, :value) > 0', value),
        () => isInSealedValue(look.sqlite, 'comment', value),
        () => isInOlderListings(look.sqlite, 'comment', value) ?? false,
        () => isInOlderStates(look.sqlite, value, ({ comment }) => comment?.includes(value)),
      ),
    near: ({ sqlite }, value) => nearParts(value, comments(sqlite, value)),
  },
  sender: {
    has: (look, value) => finds(look, 'SELECT 1 FROM main.command_senders WHERE principal_arn = :value LIMIT 1', value),
    near: ({ sqlite }, value) => nearest(value, senders(sqlite)),
  },
};

/** All open filters, in the order in which their values are shown. */
export const OPEN_FILTERS = Object.keys(OPEN_VALUES).filter(isOpenFilter);

export function isOpenFilter(name: string): name is OpenFilter {
  return Object.hasOwn(OPEN_VALUES, name);
}

/** Whether a pruning run may have removed the value: the run selected all values of this filter, or this value. */
function isSelected(selected: unknown, value: string): boolean {
  return selected === undefined || selected === value;
}
