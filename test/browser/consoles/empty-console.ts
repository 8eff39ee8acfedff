import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MONTH_END } from '../../simulator/collect-month.ts';
import { type Server, startServer } from './start-server.ts';

/** The built server at its first start: its archive is empty, and it cannot reach the service. */
export async function startEmptyConsole(): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-empty-'));
  writeFileSync(
    join(folder, 'archive.yaml'),
    JSON.stringify({ sources: [{ alias: 'first', regions: ['eu-west-1'] }] }),
  );
  const server = await startServer({
    archive: join(folder, 'archive.db'),
    now: MONTH_END,
    // Nothing listens at this address.
    env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'any' },
  });
  return {
    ...server,
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
