import { describe, expect, it } from 'vitest';
import { countUnsearchable } from '../../../src/archive/figures/count-unsearchable.ts';
import { indexOutputs } from '../../../src/archive/record/index-outputs.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import type { ArchiveDb } from '../../../src/db/open.ts';
import { rowsOf, tempArchive } from '../../db/temp-archive.ts';
import { page, rawInvocation, rawPlugin } from '../raw-invocation.ts';
import { asUtf16, asUtf16Be, withMark } from './written-utf16.ts';

const TEXT = 'Access is denied.\r\nError 0x80070005: E_ACCESSDENIED\r\n';

async function archiveOf(outputs: readonly string[]): Promise<ArchiveDb> {
  const db = tempArchive();
  createSingleReplyRecorder(db.sqlite)(
    page(outputs.map((Output, n) => rawInvocation({ InstanceId: `i-${n}`, CommandPlugins: [rawPlugin({ Output })] }))),
  );
  expect(countUnsearchable(db.sqlite)).toBe(outputs.length);
  await indexOutputs(db.sqlite);
  return db;
}

const search = ({ sqlite }: ArchiveDb, match: string) =>
  sqlite
    .prepare(
      'SELECT text FROM outputs WHERE id IN (SELECT rowid FROM outputs_fts WHERE outputs_fts MATCH ?) ORDER BY id',
    )
    .pluck()
    .all(match);

describe('an output that its program wrote as UTF-16', () => {
  it.each([
    ['without a byte order mark', asUtf16(TEXT)],
    ['with a byte order mark', withMark(TEXT)],
    ['with a byte order mark that the service turned into a character', `\ufeff${asUtf16(TEXT)}`],
    ['with the high byte first', asUtf16Be(TEXT)],
    ['after plain text', `plain text\n${asUtf16(TEXT)}`],
    ['with an error stream that is not UTF-16', `${asUtf16(TEXT)}\n----------ERROR-------\nplain error\n`],
  ])('is found by its words and phrases, and stored as the service sent it: %s', async (_how, output) => {
    const db = await archiveOf([output, 'something else']);
    for (const match of ['denied', '"access is denied"', 'e_accessdenied', '0x8007*', 'error AND access'])
      expect(search(db, match), match).toEqual([output]);
    expect(rowsOf(db, 'outputs')[0]).toMatchObject({ text: output });
  });

  it('is found by words with letters beyond ASCII, if its byte order mark is there', async () => {
    const output = withMark('Zugriff verweigert für Müller\r\nДоступ запрещён\r\n');
    const db = await archiveOf([output, 'nothing']);
    expect(search(db, 'verweigert')).toEqual([output]);
    expect(search(db, 'ДОСТУП')).toEqual([output]);
  });

  it('has decoded text in the results of snippet() and highlight()', async () => {
    const { sqlite } = await archiveOf([asUtf16(TEXT)]);
    const found = sqlite
      .prepare(
        `SELECT snippet(outputs_fts, 0, '[', ']', '…', 3) AS cut, highlight(outputs_fts, 0, '[', ']') AS marked
           FROM outputs_fts WHERE outputs_fts MATCH 'denied'`,
      )
      .get();
    expect(found).toEqual({ cut: expect.stringContaining('is [denied]'), marked: TEXT.replace('denied', '[denied]') });
  });

  it('leaves the index consistent for SQLite; an archive without such outputs has no decoded text', async () => {
    const plain = await archiveOf(['plain', 'text with one NUL\0 in it']);
    expect(rowsOf(plain, 'decoded_outputs')).toEqual([]);
    const db = await archiveOf([asUtf16(TEXT), 'plain']);
    expect(rowsOf(db, 'decoded_outputs')).toEqual([{ output_id: 1, text: TEXT }]);
    for (const { sqlite } of [plain, db])
      expect(() =>
        sqlite.exec("INSERT INTO outputs_fts (outputs_fts, rank) VALUES ('integrity-check', 1)"),
      ).not.toThrow();
  });

  it('does not hide a word of a text that only begins like UTF-16', async () => {
    const output = '\ufffd\ufffd is what was left of two letters of another code page, and a NUL\0 stands behind them';
    const db = await archiveOf([output]);
    expect(search(db, 'letters AND behind')).toEqual([output]);
  });
});
