import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leavesOf } from './all-commands.ts';
import { writeHostileArchive } from './hostile-archive.ts';
import { startHostileServer, startHostileService } from './hostile-service.ts';
import { expectHarmless, PLANT, showsPlant } from './plant.ts';
import { type Peers, TRIALS, type Trial } from './trials.ts';

let peers: Peers;
let root: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'ssm-archive-hostile-'));
  const folder = join(root, PLANT);
  mkdirSync(folder);
  writeHostileArchive(join(folder, 'data', 'archive.db'));
  peers = { aws: await startHostileService(), server: await startHostileServer(), folder };
});
afterAll(() => {
  peers.aws.close();
  peers.server.close();
  rmSync(root, { recursive: true });
});

it('every command is called with hostile text in the places that others can write', async () => {
  const tried = Object.keys(TRIALS).filter((name) => name !== '');
  expect(tried.sort()).toEqual((await leavesOf()).map(({ name }) => name).sort());
});

describe('nothing that a file, a service or a user wrote controls the terminal', () => {
  const trials = Object.entries(TRIALS).flatMap(([name, all]) =>
    all.map((trial) => ({ ...trial, name: name || 'any call' })),
  );
  const hold = async ({ call }: Trial) => {
    const result = await call(peers);
    expectHarmless(result.stdout);
    expectHarmless(result.stderr);
    // A trial that never shows the hostile text proves nothing.
    expect(showsPlant(result), JSON.stringify(result)).toBe(true);
  };

  it.each(trials.filter(({ isProcess }) => !isProcess))(
    '$name prints no characters that control the terminal; hostile text: $what',
    hold,
  );
  it.concurrent.each(trials.filter(({ isProcess }) => isProcess))(
    '$name, as a process of its own, prints no characters that control the terminal; hostile text: $what',
    hold,
  );
});
