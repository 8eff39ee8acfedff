import { chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openArchiveReadOnly } from '../../../src/db/open.ts';
import { isAlive } from '../../../src/lib/process/is-alive.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/start-simulator.ts';
import { ACCOUNT, REGION } from '../../end-to-end/run-cli.ts';
import { expectEqualToService } from '../../ingest/expect-equal.ts';
import { zombiesOf } from '../../service/processes.ts';
import { until } from '../../until.ts';
import { buildImage } from './build-image.ts';
import { freePort } from './free-port.ts';
import type { Image } from './image.ts';
import { MISSING } from './missing.ts';
import { readCompose } from './read-compose.ts';
import { argumentsOf, filesOpenForWriting } from './read-process.ts';
import { type Container, runContainer } from './run-container.ts';
import { scratchFolder } from './scratch-folder.ts';

const BUILD_MS = 300_000;
const START_MS = 60_000;
const service = readCompose('deploy/container/compose.yaml').services['ssm-archive'];
const [UID = 0, GID = 0] = service.user.split(':').map(Number);
const GRACE_MS = Number.parseInt(service.stop_grace_period, 10) * 60_000;
/** All values together need more memory than one query may have, but each needs less than SQLite allows. */
const BOMB = `SELECT ${Array.from({ length: 60 }, () => 'hex(randomblob(90000000))').join(', ')}`;

if (MISSING) console.log(`The container is not tested: it ${MISSING}.`);

describe.skipIf(MISSING)('the image that the steps of the Dockerfile make, run as compose.yaml says', () => {
  const secrets: string[] = [];
  const ends: (() => void)[] = [];
  const onEnd = (end: () => void) => ends.push(end);
  let folder: string;
  let volume: string;
  let image: Image;
  let simulator: Simulator;
  let server: Container;
  let token = '';
  let url = '';
  let env: Record<string, string>;

  const run = (more: { image?: Image; command?: readonly string[] } = {}) => {
    const root = mkdtempSync(join(folder, 'root-'));
    return runContainer({ ...{ image, service, root, volume, secrets, env, onEnd }, ...more });
  };
  const ask = (path: string, body?: unknown) =>
    fetch(`${url}${path}`, {
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    });
  const healthCheck = () => server.exec(image.healthCheck?.command ?? []);

  beforeAll(async () => {
    const startedAt = performance.now();
    folder = scratchFolder();
    volume = join(folder, 'volume');
    image = await buildImage('deploy/container/Dockerfile', join(folder, 'build'));
    console.log(`The steps of the Dockerfile took ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`);
    const accounts = [{ accountId: ACCOUNT, regions: [REGION] }];
    // The simulator's clock stands still, so everything that it shows at the end was collected at the beginning.
    simulator = await startSimulator({ accounts, invocations: 300, clockRate: 0 });
    // A new volume has the owner and the mode of the image's folder.
    mkdirSync(volume, { mode: 0o700 });
    chownSync(volume, UID, GID);
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    env = {
      ...valuesOf(service.environment),
      ...{ SSM_ARCHIVE_PORT: String(port), SSM_ARCHIVE_SCHEDULE: '0 0 1 1 *' },
      ...{ AWS_ENDPOINT_URL: simulator.url, AWS_REGION: REGION },
      ...{ AWS_ACCESS_KEY_ID: ACCOUNT, AWS_SECRET_ACCESS_KEY: 'secret' },
    };
    const drawn = await run({ command: ['token', 'create', '--print-only'] });
    const { out } = await drawn.ended;
    token = out.trim();
    const secret = join(folder, service.secrets[0]);
    writeFileSync(secret, out, { mode: 0o644 });
    secrets.push(secret);
    server = await run();
    await until(() => server.output().includes('"Collected."'), START_MS);
  }, BUILD_MS);
  afterAll(async () => {
    for (const end of ends) end();
    await server?.ended;
    await simulator?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('takes its first token from the secret of compose.yaml', async () => {
    expect((await fetch(`${url}/v1/invocations`)).status).toBe(401);
    const tokens = await server.exec(['ssm-archive', 'token', 'list', '--json']);
    expect(JSON.parse(tokens.out)).toMatchObject([{ name: 'first', role: 'operator', state: 'live', expiresAt: null }]);
    expect((await ask('/v1/access-log')).status).toBe(200);
  });

  it('has no process that is root, that has a privilege, or that could get one', () => {
    const processes = server.processes();
    expect(processes.length).toBeGreaterThan(3);
    for (const pid of processes) {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      const values = new Map([...status.matchAll(/^(\w+):[ \t]*(.*?)\s*$/gm)].map(([, name, value]) => [name, value]));
      expect(values.get('Uid')).toBe(`${UID}\t${UID}\t${UID}\t${UID}`);
      expect(values.get('Gid')).toBe(`${GID}\t${GID}\t${GID}\t${GID}`);
      expect(values.get('Groups')).toBe('');
      expect(values.get('NoNewPrivs')).toBe('1');
      for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'])
        expect(Number(values.get(set)), set).toBe(0);
    }
  });

  it('answers SQL, and answers 422 to a query that needs more memory than is allowed', async () => {
    const counted = await ask('/v1/sql', { sql: 'SELECT count(*) FROM invocations' });
    expect(counted.status).toBe(200);
    const { rows }: { rows: number[][] } = JSON.parse(await counted.text());
    expect(rows[0]?.[0]).toBeGreaterThan(100);
    const bombed = await ask('/v1/sql', { sql: BOMB });
    expect(bombed.status).toBe(422);
    expect(await bombed.text()).toContain('memory');
    const readers = server.processes().filter((pid) => argumentsOf(pid).includes('sql-reader.js'));
    expect(readers.length).toBeGreaterThan(0);
    for (const pid of readers) {
      const limits = readFileSync(`/proc/${pid}/limits`, 'utf8');
      expect(limits).toMatch(/^Max file size +0 +0 /m);
      expect(limits).toMatch(/^Max data size +\d+ +\d+ /m);
    }
  });

  it('makes an evidence pack in which the verify command of the image finds no fault', async () => {
    const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    const pack = await ask(`/v1/evidence?requestedAfter=${day(-40)}&requestedBefore=${day(1)}`);
    expect(pack.status).toBe(200);
    writeFileSync(join(volume, 'pack.zip'), Buffer.from(await pack.arrayBuffer()), { mode: 0o644 });
    const { code, out } = await server.exec(['ssm-archive', 'verify', `${image.volumes[0]}/pack.zip`]);
    rmSync(join(volume, 'pack.zip'));
    expect({ code, out }).toEqual({ code: 3, out: expect.stringMatching(/^CONSISTENT, SIGNER NOT CHECKED /) });
  });

  it('can write only to the volume and /tmp, and has no other file open for writing', async () => {
    const write = (path: string) => server.exec(['sh', '-c', `: > ${path}`]);
    for (const path of ['/x', '/etc/x', '/run/x', '/run/secrets/first-token', '/usr/local/lib/x'])
      expect((await write(path)).code, path).not.toBe(0);
    // Every user may write to these folders, but not on a read-only root.
    expect((await write('/var/tmp/x')).err).toContain('Read-only file system');
    expect((await server.exec(['sh', '-c', ': > /tmp/x && rm /tmp/x'])).code).toBe(0);
    const written = server.processes().flatMap(filesOpenForWriting);
    expect(written).toContain(`${image.volumes[0]}/archive.db`);
    expect(written.filter((path) => !/^(\/var\/lib\/ssm-archive\/|\/dev\/null$)/.test(path))).toEqual([]);
    expect((await server.exec(['ls', '-A', '/tmp'])).out).toBe('');
  });

  it('keeps only what belongs to the archive in the volume', () => {
    expect(readdirSync(volume).sort()).toEqual([
      ...['archive-access.db', 'archive-access.db-shm', 'archive-access.db-wal'],
      ...['archive-auth.db', 'archive-auth.db-shm', 'archive-auth.db-wal'],
      ...['archive-ledger.key', 'archive-ledger.signed', 'archive-ledger.signed.lock'],
      ...['archive.db', 'archive.db-shm', 'archive.db-wal'],
    ]);
  });

  it('leaves no zombie when a process ends after its parent', async () => {
    const { code } = await server.exec(['sh', '-c', 'sleep 0.2 & exit 0']);
    expect(code).toBe(0);
    const [first = 0] = server.processes();
    const orphan = () => server.processes().filter((pid) => argumentsOf(pid).startsWith('sleep '));
    await until(() => orphan().length === 0);
    expect(zombiesOf(first)).toEqual([]);
  });

  it('is healthy by its own check while it answers, but not while it hangs', async () => {
    expect(await healthCheck()).toMatchObject({ code: 0, out: '' });
    const [, node = 0] = server.processes();
    process.kill(node, 'SIGSTOP');
    const hung = await healthCheck();
    process.kill(node, 'SIGCONT');
    expect(hung).toMatchObject({ code: 1, out: expect.stringContaining('no answer within') });
    expect((await healthCheck()).code).toBe(0);
  });

  it('ends with exit code 0 after the image’s signal, within the time of compose.yaml', async () => {
    const startedAt = performance.now();
    const processes = server.processes();
    server.signal(image.stopSignal);
    const { code, err } = await server.ended;
    expect(code).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(GRACE_MS);
    expect(err).toContain('"Stopped."');
    expect(processes.filter(isAlive)).toEqual([]);
    const db = openArchiveReadOnly(join(volume, 'archive.db'));
    expectEqualToService(db, simulator, ACCOUNT, REGION);
    db.close();
  });

  it('is not healthy if nothing listens', async () => {
    const [file = '', ...args] = image.healthCheck?.command ?? [];
    const alone = await run({ image: { ...image, entrypoint: [file] }, command: args });
    const { code, out } = await alone.ended;
    expect({ code, out }).toEqual({ code: 1, out: expect.stringContaining('ECONNREFUSED') });
  });

  it('starts again on the same volume, and if it is stopped during a pass, ends after the replies in flight', async () => {
    Object.assign(simulator.faults, { slowRate: 1, slowMs: 300 });
    const pages = simulator.stats.pages;
    const again = await run();
    await until(() => simulator.stats.pages > pages + 1);
    again.signal(image.stopSignal);
    const { code, err } = await again.ended;
    expect(code).toBe(0);
    expect(err).toContain('"Stopped."');
  });
});

/** The variables to which compose.yaml gives a value. Compose takes the values of all others from the shell. */
function valuesOf(environment: Readonly<Record<string, string | null>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
}
