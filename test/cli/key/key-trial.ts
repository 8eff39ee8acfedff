import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startSimulator } from '../../../src/simulator/start-simulator.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { onTestEnd } from '../../on-test-end.ts';
import type { CliResult } from '../run-cli.ts';
import { runHere } from '../run-here.ts';

const ACCOUNT = '111122223333';

/** An archive that calls of `ssm-archive` fill from a simulated service, and functions that change its files. */
export interface KeyTrial {
  folder: string;
  /** Returns a path in the folder of the data. */
  at(name: string): string;
  call(...args: string[]): Promise<CliResult>;
  /** Copies the archive's file as it is, as a backup does. */
  backup(name: string): Promise<void>;
  /** Puts a copy of the archive's file in its place, as somebody might do by hand. */
  putBack(name: string): void;
  /** How many leaves the newest checkpoint has, and which key signed it. */
  signed(): Promise<{ origin: string; size: number; verifierKey: string }>;
}

/** Starts with an archive after two passes. Everything that it starts ends with the test. */
export async function startKeyTrial(env: Record<string, string> = {}): Promise<KeyTrial> {
  const folder = tempFolder();
  const simulator = await startSimulator({
    ...{ accounts: [{ accountId: ACCOUNT, regions: ['eu-west-1'] }], invocations: 60 },
    ...{ now: new Date(), clockRate: 0 },
  });
  onTestEnd(() => simulator.close());
  const all = {
    AWS_ENDPOINT_URL: simulator.url,
    AWS_ACCESS_KEY_ID: ACCOUNT,
    AWS_SECRET_ACCESS_KEY: 'any',
    AWS_REGION: 'eu-west-1',
    ...env,
  };
  const call = (...args: string[]) => runHere(folder, args, all);
  const at = (name: string) => join(folder, 'data', name);
  mkdirSync(join(folder, 'kept'));
  for (let n = 0; n < 2; n++) {
    const { exitCode, stderr, stdout } = await call('ingest');
    if (exitCode !== 0) throw new Error(stdout + stderr);
  }
  return {
    ...{ folder, at, call },
    async backup(name) {
      const { exitCode, stderr } = await call('backup', join(folder, 'kept', name));
      if (exitCode !== 0) throw new Error(stderr);
    },
    putBack(name) {
      for (const file of readdirSync(join(folder, 'data')).filter((each) => each.startsWith('archive.db')))
        rmSync(at(file));
      copyFileSync(join(folder, 'kept', name), at('archive.db'));
    },
    async signed() {
      const { stdout } = await call('key', 'show', '--json');
      const { signing, verifierKey } = JSON.parse(stdout);
      return { origin: signing.origin, size: signing.signedLeaves, verifierKey };
    },
  };
}
