import type { InvocationView, PluginView } from '../../src/archive/invocations/invocation-view.ts';
import { type ListingQuery, listInvocations } from '../../src/archive/invocations/list-invocations.ts';
import { createListedCommandRecorder } from '../../src/archive/record/record-listed-commands.ts';
import { createSingleReplyRecorder } from '../../src/archive/record/record-replies.ts';
import type { ArchiveDb } from '../../src/db/open.ts';
import { observeCommand } from '../../src/upstream/replies/observe-command.ts';
import { OBSERVED_AT, page, SOURCE } from '../archive/raw-invocation.ts';
import { tempArchive } from '../db/temp-archive.ts';
import { KEY, markedCommand, markedInvocation } from './marked.ts';

/** Selects all invocations with their steps and outputs. */
export const WHOLE: ListingQuery = {
  ...{ filter: {}, sort: 'requestedAt', isDescending: true },
  ...{ include: 'outputs', limit: 10 },
};

/**
 * An archive with the marked command and its marked invocation, which had another state from eleven to twelve o'clock.
 */
export function markedArchive(): ArchiveDb {
  const db = tempArchive();
  const record = createSingleReplyRecorder(db.sqlite);
  record(page([markedInvocation()]));
  record(page([{ ...KEY, Status: 'Later' }], { observedAt: '2026-03-01T11:00:00.000Z' }));
  record(page([markedInvocation()], { observedAt: '2026-03-01T12:00:00.000Z' }));
  createListedCommandRecorder(db.sqlite)(SOURCE, OBSERVED_AT, [observeCommand(markedCommand())]);
  return db;
}

/** Returns the marked invocation as a list shows it. */
export function markedView({ sqlite }: ArchiveDb): InvocationView & { plugins: PluginView[] } {
  const [item] = listInvocations(sqlite, WHOLE).items;
  if (!item?.plugins) throw new Error('The archive has no marked invocation.');
  return { ...item, plugins: item.plugins };
}
