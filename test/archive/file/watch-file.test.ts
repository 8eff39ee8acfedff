import { expect, it } from 'vitest';
import { type Proof, watchFile } from '../../../src/archive/file/watch-file.ts';
import { ArchiveMoved } from '../../../src/lib/errors/archive-moved.ts';
import type { FileIdentity } from '../../../src/lib/files/identify-file.ts';
import { memoryLog } from '../../memory-log.ts';

const OPENED: FileIdentity = { main: '1:10', wal: '1:11', shm: '1:12', isEmpty: false };
const REMOUNTED: FileIdentity = { main: '2:10', wal: '2:11', shm: '2:12', isEmpty: false };

/** Watches made-up files. `proofs` are the results of the proofs, in order. */
function trial(proofs: Proof[] = []) {
  const { log, logged } = memoryLog();
  const state = { seen: OPENED, atMs: 0, proofs: 0, reopened: 0 };
  const file = watchFile({
    ...{ path: '/a/archive.db', opened: OPENED, log },
    identify: () => state.seen,
    monotonicMs: () => state.atMs,
    reopen() {
      state.reopened += 1;
    },
    async prove() {
      state.proofs += 1;
      const proof = proofs.shift();
      if (!proof) throw new Error('No proof was expected.');
      return proof;
    },
  });
  const lines = () => logged.map(({ msg }) => String(msg));
  return { file, state, lines };
}

it('a file that still has the device and inode numbers that it had when it was opened needs no proof', async () => {
  const { file, state, lines } = trial();
  expect(await file.fault()).toBeUndefined();
  await file.refuseMoved();
  expect([state.proofs, lines()]).toEqual([0, []]);
});

it('a file that is proven to be the same gets its new device and inode numbers recorded', async () => {
  const { file, state, lines } = trial(['same']);
  state.seen = REMOUNTED;
  expect(await Promise.all([file.fault(), file.fault(), file.fault()])).toEqual([undefined, undefined, undefined]);
  expect(await file.fault()).toBeUndefined();
  expect([state.proofs, state.reopened, file.known()]).toEqual([1, 1, REMOUNTED]);
  expect(lines()).toEqual(['The archive has another device or inode now, but is the same file.']);
  state.seen = { ...OPENED, main: undefined };
  expect(await file.fault()).toMatch(/nothing is at its path/);
});

it('a file that is proven to be another one counts as another file until its numbers change, without a second proof or log line', async () => {
  const { file, state, lines } = trial(['other']);
  state.seen = REMOUNTED;
  const reason = await file.fault();
  expect(reason).toMatch(/another file is at its path/);
  // Anybody may ask /readyz, so the answer must not contain a path.
  expect(reason).not.toMatch(/\/a\/|\d:\d/);
  state.atMs = 1e9;
  await expect(file.refuseMoved()).rejects.toThrow(new ArchiveMoved(reason ?? ''));
  expect([state.proofs, state.reopened, lines().length, file.known()]).toEqual([1, 0, 1, OPENED]);
  state.seen = OPENED;
  expect(await file.fault()).toBeUndefined();
  expect(lines().at(-1)).toBe('The archive at its path is the open one again.');
});

it('a file whose identity cannot be proven is not written to, and the proof is tried again after some seconds', async () => {
  const { file, state, lines } = trial(['unknown', 'same']);
  state.seen = REMOUNTED;
  const unknown = /It is not known yet whether it is the same file/;
  expect(await file.fault()).toMatch(unknown);
  state.atMs = 4999;
  expect(await file.fault()).toMatch(unknown);
  expect([state.proofs, lines().length]).toEqual([1, 1]);
  state.atMs = 5000;
  expect(await file.fault()).toBeUndefined();
  expect([state.proofs, file.known()]).toEqual([2, REMOUNTED]);
});

it('a file counts as unknown if its proof fails, and the log has the reason', async () => {
  const { file, state, lines } = trial();
  state.seen = REMOUNTED;
  expect(await file.fault()).toMatch(/It is not known yet/);
  expect(lines()[0]).toBe('Could not find out whether the archive at its path is the open one.');
});

it('files that were exchanged during a proof do not count as proven', async () => {
  const { file, state } = trial(['same', 'other']);
  state.seen = REMOUNTED;
  const asked = file.fault();
  state.seen = { ...REMOUNTED, main: '2:99' };
  expect(await asked).toMatch(/It is not known yet/);
  expect(await file.fault()).toMatch(/another file is at its path/);
  expect(file.known()).toEqual(OPENED);
});

it.each([
  ['main', /^The archive is not the file .*nothing is at its path/],
  ['wal', /^The archive's -wal file .*nothing is at its path/],
  ['shm', /^The archive's -shm file .*nothing is at its path/],
] as const)(
  'a missing %s file is reported without a proof, because a proof would create the file',
  async (part, sentence) => {
    const { file, state } = trial();
    state.seen = { ...REMOUNTED, [part]: undefined, ...(part !== 'main' && { main: OPENED.main }) };
    if (part === 'shm') state.seen = { ...state.seen, wal: OPENED.wal };
    expect(await file.fault()).toMatch(sentence);
    expect(state.proofs).toBe(0);
  },
);
