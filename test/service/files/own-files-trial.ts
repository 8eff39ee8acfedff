import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { openAccessDb } from '../../../src/access/log/open-access-db.ts';
import { recordRequest } from '../../../src/access/log/record-request.ts';
import { openAuthDb } from '../../../src/access/open-auth-db.ts';
import { createToken } from '../../../src/access/tokens/create-token.ts';
import { listTokens } from '../../../src/access/tokens/list-tokens.ts';
import { addCheckpoint, keyEntry } from '../../../src/archive/checkpoints/make-checkpoint.ts';
import { openArchive } from '../../../src/archive/file/open-archive.ts';
import { readKeys } from '../../../src/archive/signing/last-signer.ts';
import { createLedger } from '../../../src/ledger/create-ledger.ts';
import { parseVerifierKey } from '../../../src/ledger/notes/note-key.ts';
import { openSigner, readVerifierKey } from '../../../src/ledger/notes/open-signer.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { type OnEnd, type Running, type Setting, start, startSetting } from '../../end-to-end/run-cli.ts';
import { until } from '../../until.ts';

export const REPORTS = `# Kept by hand.
reports:
  - name: mine
    description: How many.
    sql: SELECT count(*) AS n FROM invocations
`;
const now = () => new Date();

/** Signs as the previous version did: with any key that exists, and without a record of the signature. */
function signAsBefore(sqlite: Database, keyPath: string): void {
  const signer = openSigner(keyPath, randomBytes);
  const at = now().toISOString();
  if (readKeys(sqlite).at(-1) !== signer.verifierKey)
    createLedger(sqlite).add('key', [keyEntry(signer.verifierKey, at)]);
  addCheckpoint(sqlite, signer, at);
}

/** A folder as the previous version has left it, and commands in it, each a process of its own. */
export async function formerFolder(onEnd?: OnEnd) {
  const setting = await startSetting({ invocations: 40 }, onEnd);
  const data = join(setting.folder, 'data');
  mkdirSync(data);
  const at = (name: string) => join(data, name);
  const within = (archive: string, env: Record<string, string>): Setting => ({
    ...setting,
    env: {
      ...setting.env,
      SSM_ARCHIVE_DB: at(archive),
      SSM_ARCHIVE_PORT: '0',
      SSM_ARCHIVE_SCHEDULE: '0 0 1 1 *',
      ...env,
    },
  });
  return {
    ...{ setting, data, at },
    /** The names of the files, except the records of signatures: the previous version had none. */
    names: () =>
      readdirSync(data)
        .filter((name) => !/\.signed(\.lock)?$/.test(name))
        .sort(),
    /** Runs a command on an archive to its end, and returns its output. */
    async cli(archive: string, args: string[], env: Record<string, string> = {}) {
      const { code, out, err } = await start(within(archive, env), args).ended;
      return { code, out: out.trim(), err };
    },
    begin: (archive: string, args: string[], env: Record<string, string> = {}) => start(within(archive, env), args),
    async serve(archive: string, env: Record<string, string> = {}): Promise<Serving> {
      const server = start(within(archive, env), ['serve']);
      const address = () => /"url":"([^"]+)"/.exec(server.errors())?.[1];
      await until(() => address() !== undefined || server.child.exitCode !== null);
      const url = address();
      if (url === undefined) throw new Error(`The server did not start: ${server.errors()}`);
      const ask = async (path: string, token?: string) => {
        const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
        const reply = await fetch(url + path, { headers });
        if (reply.status >= 500) throw new Error(`${path}: ${await reply.text()}\n${server.errors()}`);
        return reply;
      };
      return {
        ...{ ...server, url },
        status: async (path, token) => (await ask(path, token)).status,
        async reports(token) {
          const { items }: { items: { name: string }[] } = JSON.parse(await (await ask('/v1/reports', token)).text());
          return items.map(({ name }) => name);
        },
        async stop() {
          server.child.kill('SIGTERM');
          return (await server.ended).code;
        },
      };
    },
    /** Makes an archive. If `key` is given, signs it with the key in that file. */
    makeArchive(name: string, key?: string) {
      const db = openArchive(at(name));
      if (key !== undefined) signAsBefore(db.sqlite, at(key));
      db.close();
    },
    /**
     * Makes the file of tokens with one token, and the access log with one row, as a killed server leaves them: their
     * newest data are in their -wal files. Returns the token.
     */
    makeAccess(): string {
      const source = tempFolder();
      const authDb = openAuthDb(join(source, 'auth.db'));
      const { token } = createToken(
        { authDb, now, random: randomBytes },
        { name: 'old', role: 'operator', expiresAt: undefined },
      );
      const accessDb = openAccessDb(join(source, 'access.db'));
      recordRequest(accessDb, {
        ...{ at: '2026-01-01T00:00:00.000Z', requestId: 'old-row', caller: 'old', tokenId: null, role: 'operator' },
        ...{
          remoteAddress: '127.0.0.1',
          method: 'GET',
          path: '/v1/stats',
          query: '',
          sql: null,
          engine: null,
          params: null,
        },
        ...{
          status: 200,
          outcome: 'complete',
          rows: 1,
          bytes: null,
          elapsedMs: 1,
          userAgent: null,
          attempts: null,
          lastAt: null,
        },
      });
      for (const name of readdirSync(source)) if (!name.endsWith('-shm')) copyFileSync(join(source, name), at(name));
      authDb.close();
      accessDb.close();
      if (!existsSync(at('auth.db-wal'))) throw new Error('The token must be in the -wal.');
      return token;
    },
    makeReports: () => writeFileSync(at('reports.yaml'), REPORTS),
    makeKey: (name: string) => openSigner(at(name), randomBytes).verifierKey,
    keyOf: (name: string) => readVerifierKey(at(name)),
    /** Returns the name of the key that signed an archive last. */
    signerOf(name: string): string | undefined {
      const db = openArchive(at(name));
      const note = db.sqlite
        .prepare<[], string>('SELECT note FROM ledger_checkpoints ORDER BY size DESC LIMIT 1')
        .pluck()
        .get();
      db.close();
      return note?.split('\n')[0];
    },
    tokensIn(name: string): string[] {
      const authDb = openAuthDb(at(name));
      const names = listTokens({ authDb, now }).map((token) => `${token.name} ${token.state}`);
      authDb.close();
      return names;
    },
  };
}

export type FormerFolder = Awaited<ReturnType<typeof formerFolder>>;

export interface Serving extends Running {
  url: string;
  status(path: string, token?: string): Promise<number>;
  /** Returns the names of all reports. */
  reports(token?: string): Promise<string[]>;
  stop(): Promise<number | null>;
}

export const originOf = (verifierKey = '') => parseVerifierKey(verifierKey).name;
