import { describe, expect, it } from 'vitest';
import { indexOutputs } from '../../../src/archive/record/index-outputs.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { openArchive } from '../../../src/db/open.ts';
import { tempArchive, writesOf } from '../../db/temp-archive.ts';
import { page, rawInvocation, rawPlugin } from '../raw-invocation.ts';

function archiveWith(outputs: readonly string[]) {
  const db = tempArchive();
  const record = createSingleReplyRecorder(db.sqlite);
  const raws = (texts: readonly string[], from = 0) =>
    texts.map((Output, n) => rawInvocation({ InstanceId: `i-${from + n}`, CommandPlugins: [rawPlugin({ Output })] }));
  record(page(raws(outputs)));
  const search = (match: string) =>
    db.sqlite
      .prepare('SELECT text FROM outputs WHERE id IN (SELECT rowid FROM outputs_fts WHERE outputs_fts MATCH ?)')
      .pluck()
      .all(match);
  return { db, search, more: (texts: readonly string[]) => record(page(raws(texts, outputs.length))) };
}

describe('indexing outputs', () => {
  it('makes all outputs searchable in several batches, and later outputs too', async () => {
    const { db, search, more } = archiveWith([...Array(450).keys()].map((n) => `line${n} common`));
    expect(await indexOutputs(db.sqlite)).toBe(450);
    expect(search('common')).toHaveLength(450);
    more(['line450 late']);
    expect(search('late')).toEqual([]);
    expect(await indexOutputs(db.sqlite)).toBe(1);
    expect(search('late')).toEqual(['line450 late']);
  });

  it('writes nothing if all outputs are in the index already', async () => {
    const { db } = archiveWith(['a']);
    await indexOutputs(db.sqlite);
    const before = writesOf(db);
    expect(await indexOutputs(db.sqlite)).toBe(0);
    expect(writesOf(db)).toBe(before);
  });

  it('stops between batches if it is asked to, and continues where it stopped', async () => {
    const { db, search } = archiveWith([...Array(450).keys()].map((n) => `line${n} common`));
    const stopping = new AbortController();
    const first = indexOutputs(db.sqlite, stopping.signal);
    stopping.abort();
    expect(await first).toBe(200);
    expect(await indexOutputs(db.sqlite)).toBe(250);
    expect(search('common')).toHaveLength(450);
  });

  it('by two connections at once indexes each output once', async () => {
    const { db, search } = archiveWith([...Array(450).keys()].map((n) => `line${n} common`));
    const other = openArchive(db.sqlite.name);
    const counts = await Promise.all([indexOutputs(db.sqlite), indexOutputs(other.sqlite)]);
    other.close();
    expect(counts[0] + counts[1]).toBe(450);
    expect(search('common')).toHaveLength(450);
    expect(() =>
      db.sqlite.exec("INSERT INTO outputs_fts (outputs_fts, rank) VALUES ('integrity-check', 1)"),
    ).not.toThrow();
  });
});
