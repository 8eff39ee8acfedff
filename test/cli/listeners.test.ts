import { join } from 'node:path';
import { expect, it } from 'vitest';
import { STOP_SIGNALS } from '../../src/lib/process/stop-signals.ts';
import { tempFolder } from '../db/temp-archive.ts';
import { runHere } from './run-here.ts';

const heard = [...STOP_SIGNALS, 'exit', 'uncaughtException', 'beforeExit'];
const listenersOf = () => heard.map((name) => [name, process.listenerCount(name)]);

it('no command leaves listeners on the process when it ends', async () => {
  const folder = tempFolder();
  await runHere(folder, ['init']);
  const before = listenersOf();
  const calls = [
    ['backup', join(folder, 'copy.db')],
    ['verify', '--processes', '1'],
    ['sql', 'SELECT 1'],
    ['report', 'what-ran'],
    ['prune', '--older-than', '400d', '--execute', '--reason', 'a test'],
    ['restore', join(folder, 'copy.db'), '--replace'],
    ['migrate'],
  ];
  for (const call of calls) {
    await runHere(folder, call);
    expect([call[0], ...listenersOf()]).toEqual([call[0], ...before]);
  }
});
