import { expect, it } from 'vitest';
import { createWriteCheck } from '../../../src/lib/files/create-write-check.ts';
import { memoryLog } from '../../memory-log.ts';

const ROOM = 1000;
const FULL = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });

/** A write check for a fake file on a fake disk. */
function trial() {
  const { log, logged } = memoryLog();
  const state = { freeBytes: ROOM, atMs: 0, commits: 0, error: undefined as Error | undefined };
  const check = createWriteCheck({
    ...{ what: 'The log', consequence: 'Nothing is answered.', folder: '/a', roomBytes: ROOM, log },
    freeBytes: () => state.freeBytes,
    monotonicMs: () => state.atMs,
    commit() {
      state.commits += 1;
      if (state.error) throw state.error;
    },
  });
  return { check, state, lines: () => logged.map(({ msg }) => msg) };
}

it('a check writes nothing if there is room and no write has failed', () => {
  const { check, state } = trial();
  expect([check.fault(), state.commits]).toEqual([undefined, 0]);
});

it('with little space left, a check tries a commit at most once a second, and reports the fault while commits fail', () => {
  const { check, state, lines } = trial();
  Object.assign(state, { freeBytes: ROOM - 1, error: FULL });
  const sentence = "The log can't be written: its disk is full. Nothing is answered.";
  expect([check.fault(), check.fault(), state.commits]).toEqual([sentence, sentence, 1]);
  // If there is no room, no commit is tried: a commit that just fits would not prove that the next row fits.
  state.atMs = 5000;
  expect([check.fault(), state.commits]).toEqual([sentence, 1]);
  Object.assign(state, { freeBytes: ROOM, error: undefined });
  expect([check.fault(), state.commits]).toEqual([undefined, 2]);
  expect(lines()).toEqual([sentence, 'The log can be written again.']);
});

it('a check reports no fault if little space is left but a commit succeeds', () => {
  const { check, state, lines } = trial();
  state.freeBytes = 0;
  expect([check.fault(), state.commits, lines()]).toEqual([undefined, 1, []]);
});

it('a failed write counts as a fault until a write succeeds, even if the disk has room', () => {
  const { check, state, lines } = trial();
  state.error = Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_WRITE' });
  check.failed(state.error);
  const sentence = "The log can't be written: Error: disk I/O error. Nothing is answered.";
  expect([check.fault(), state.commits]).toEqual([sentence, 1]);
  check.succeeded();
  expect([check.fault(), state.commits]).toEqual([undefined, 1]);
  expect(lines()).toEqual([sentence, 'The log can be written again.']);
});

it('a folder whose free space is unknown counts as full, so a commit is tried', () => {
  let commits = 0;
  const check = createWriteCheck({
    ...{ what: 'The log', consequence: '', folder: '/no/such/folder', roomBytes: 1, log: memoryLog().log },
    monotonicMs: () => 0,
    commit() {
      commits += 1;
    },
  });
  expect([check.fault(), commits]).toEqual([undefined, 1]);
});
