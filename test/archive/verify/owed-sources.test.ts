import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltArchive, buildArchive, sentences, verdictAfter } from './attacked-archive.ts';

let archive: BuiltArchive;
beforeAll(async () => {
  archive = await buildArchive(40, { isPruned: false });
});
afterAll(() => archive.remove());

const change = (sql: string) => sentences(verdictAfter(archive, (sqlite) => sqlite.exec(sql)));

describe('the record of owed sources', () => {
  it('is intact with sources whose account was learnt, and with ended sources', () => {
    expect(change('SELECT 1')).toBe('');
  });

  it('is not intact if a source was removed', () => {
    expect(change("DELETE FROM owed_sources WHERE alias = 'never answered'")).toMatch(
      /^owed_sources lacks the row \[\d+\], or the row has not ended$/m,
    );
  });

  it('is not intact if the end of a source was made up', () => {
    expect(
      change("UPDATE owed_sources SET ended_at = '2026-03-30T00:00:00.000Z', ended_by = 'me' WHERE ended_at IS NULL"),
    ).toMatch(/^owed_sources has the row \[\d+\] with values that differ from the ledger: ended_at, ended_by$/m);
  });

  it('is not intact if an end was removed, an account was made up, or a beginning was moved to a later time', () => {
    expect(change('UPDATE owed_sources SET ended_at = NULL WHERE ended_at IS NOT NULL')).toMatch(/: ended_at$/m);
    expect(
      change("UPDATE owed_sources SET account_id = '999999999999' WHERE account_id IS NULL AND ended_at IS NULL"),
    ).toMatch(/: account_id$/m);
    expect(change("UPDATE owed_sources SET since_at = '2026-03-31T00:00:00.000Z' WHERE ended_at IS NULL")).toMatch(
      /: since_at$/m,
    );
    expect(change('UPDATE owed_sources SET is_double = 1 WHERE ended_at IS NULL')).toMatch(/: is_double$/m);
  });

  it('is not intact if a source was made up', () => {
    expect(change("INSERT INTO owed_sources (alias, since_at) VALUES ('mine', '2026-03-01T00:00:00.000Z')")).toMatch(
      /^owed_sources has a row \[\d+\] that the ledger does not know$/m,
    );
  });
});
