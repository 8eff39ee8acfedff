import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { drawMarks } from '../../../src/lake/stage/pack-rows.ts';
import { createTextFile, readStateTexts } from '../../../src/lake/stage/state-texts.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { startTrial } from '../../ingest/archive-trial.ts';

it('texts are found by their numbers, whether the file is small enough to be read at once or not', () => {
  for (const [count, characters] of [
    [40_000, 10],
    [50, 1_000_000],
  ] as const) {
    const folder = tempFolder();
    const file = createTextFile(join(folder, 'texts'));
    const textOf = (n: number) => `${n} é\0🚀 `.padEnd(characters, 'x');
    for (let n = 0; n < count; n++) file.add(3 * n + 1, textOf(n));
    file.end();
    for (const n of [count - 1, 0, 7, Math.floor(count / 2)])
      expect(file.of(3 * n + 1).toString() === textOf(n)).toBe(true);
    expect(() => file.of(3)).toThrow('the state with the leaf 2 is missing');
    file.close();
    expect(readdirSync(folder)).toEqual([]);
  }
});

it('a state that can’t be read stops the day, and leaves no file', async () => {
  const { db, pass } = await startTrial({ invocations: 30 });
  await pass();
  const day = String(db.sqlite.prepare('SELECT substr(min(requested_at), 1, 10) FROM invocations').pluck().get());
  const folder = tempFolder();
  db.sqlite.exec('DROP TRIGGER revision_pages_are_not_updated');
  db.sqlite.prepare('UPDATE revision_pages SET states = ?').run(randomBytes(100));
  expect(() => readStateTexts(db.sqlite, day, join(folder, 'states'), drawMarks())).toThrow(
    /state batch \d+ cannot be/,
  );
  expect(readdirSync(folder)).toEqual([]);
});
