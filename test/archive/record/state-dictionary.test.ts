import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { currentDictionary } from '../../../src/model/state-codec.ts';
import { testProgram } from '../../built-program.ts';
import { rowsOf, tempArchive } from '../../db/temp-archive.ts';

const RECORD_IN_CHILD = testProgram('record-in-child').path;

it('two processes that begin to record into a new archive at once use the dictionary of the first', async () => {
  const db = tempArchive();
  db.sqlite.exec('BEGIN IMMEDIATE');
  db.sqlite.prepare('INSERT INTO state_dictionaries (id, bytes) VALUES (1, ?)').run(currentDictionary());
  const child = spawn(process.execPath, [RECORD_IN_CHILD, db.sqlite.name]);
  const stderr = text(child.stderr);
  await once(child.stdout, 'data');
  const said = text(child.stdout);
  // The other process has read that there is no dictionary, and waits to write one.
  await setTimeout(500);
  db.sqlite.exec('COMMIT');
  expect([await said, await stderr]).toEqual(['made\n', '']);
  expect(rowsOf(db, 'state_dictionaries')).toHaveLength(1);
});
