import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openAuthDb } from '../../src/access/open-auth-db.ts';
import { drawSecret } from '../../src/access/secret.ts';
import { listTokens } from '../../src/access/tokens/list-tokens.ts';
import { TOKEN_PREFIX, type TokenView } from '../../src/access/tokens/token-view.ts';
import { type Setting, start, startSetting } from '../end-to-end/run-cli.ts';
import { knowTests } from '../on-test-end.ts';
import { until } from '../until.ts';

knowTests();

const WARNING = 40;

const draw = () => drawSecret(TOKEN_PREFIX, randomBytes).text;

interface Serving {
  /** The server's address, once it listens. */
  url(): Promise<string>;
  /** The sentences of the server's warnings so far. */
  warnings(): string[];
  errors(): string;
  /** Waits until the simulated service has sent more replies than it had when this server started. */
  collected(): Promise<void>;
  /** Ends the server as a service manager does, and returns its exit code. */
  end(): Promise<number | null>;
}

/** A folder for an archive, and commands in it: each command is a process of its own, as a user starts it. */
async function setUp() {
  const setting = await startSetting({ invocations: 50 });
  const within = (env: Record<string, string>): Setting => ({ ...setting, env: { ...setting.env, ...env } });
  const cli = async (...args: string[]) => {
    const { code, out, err } = await start(setting, args).ended;
    expect(err).not.toMatch(/^\s+at /m);
    expect(code).toBe(0);
    return out;
  };
  const path = join(setting.folder, 'first.token');
  return {
    ...{ setting, path, cli },
    tokens(): TokenView[] {
      const authDb = openAuthDb(join(setting.folder, 'archive-auth.db'));
      const tokens = listTokens({ authDb, now: () => new Date() });
      authDb.close();
      return tokens;
    },
    serve(env: Record<string, string> = {}): Serving & ReturnType<typeof start> {
      const { pages } = setting.simulator.stats;
      const server = start(
        within({ SSM_ARCHIVE_PORT: '0', SSM_ARCHIVE_SCHEDULE: '0 0 1 1 *', SSM_ARCHIVE_TOKEN_FILE: path, ...env }),
        ['serve'],
      );
      const address = () => /"url":"([^"]+)"/.exec(server.errors())?.[1];
      return {
        ...server,
        async url() {
          await until(() => address() !== undefined || server.child.exitCode !== null);
          const url = address();
          if (url === undefined) throw new Error(`The server did not start: ${server.errors()}`);
          return url;
        },
        warnings: () =>
          server
            .errors()
            .split('\n')
            .filter((line) => line.startsWith(`{"level":${WARNING},`))
            .map((line) => String(JSON.parse(line).msg)),
        collected: () => until(() => setting.simulator.stats.pages > pages),
        async end() {
          server.child.kill('SIGTERM');
          return (await server.ended).code;
        },
      };
    },
  };
}

async function ask(server: Serving, path: string, secret?: string) {
  const headers: Record<string, string> = secret === undefined ? {} : { authorization: `Bearer ${secret}` };
  const reply = await fetch(`${await server.url()}${path}`, { headers });
  return { status: reply.status, body: JSON.parse(await reply.text()) };
}

describe.concurrent('a server that reads the secret of the first token from a file', () => {
  it('requires that token after every start; a changed file or a revoked token causes one warning, and collecting goes on', async () => {
    const { serve, path, cli, tokens } = await setUp();
    const printed = await cli('token', 'create', '--print-only');
    writeFileSync(path, printed);
    const secret = printed.trim();
    const first = serve();
    expect((await ask(first, '/v1/invocations')).status).toBe(401);
    await until(async () => (await ask(first, '/v1/invocations?limit=1', secret)).body.items.length === 1);
    const log = await ask(first, '/v1/access-log?limit=1', secret);
    expect(log.body.items).toMatchObject([{ caller: 'first', role: 'operator', tokenId: secret.slice(0, 12) }]);
    expect(tokens()).toMatchObject([{ name: 'first', role: 'operator', state: 'live', expiresAt: null }]);
    expect(await first.end()).toBe(0);

    const second = serve();
    await second.collected();
    expect((await ask(second, '/v1/invocations', secret)).status).toBe(200);
    expect(await second.end()).toBe(0);
    expect([first.warnings(), second.warnings()]).toEqual([[], []]);

    const changed = draw();
    writeFileSync(path, changed);
    const third = serve();
    await third.collected();
    const statuses = [secret, changed].map(async (text) => (await ask(third, '/v1/invocations', text)).status);
    expect(await Promise.all(statuses)).toEqual([200, 401]);
    expect(await third.end()).toBe(0);
    expect(third.warnings()).toEqual([expect.stringContaining('lets nobody in: it is not the token "first"')]);

    writeFileSync(path, secret);
    await cli('token', 'revoke', 'first');
    const fourth = serve();
    await fourth.collected();
    expect((await ask(fourth, '/v1/invocations', secret)).status).toBe(401);
    expect(await fourth.end()).toBe(0);
    expect(fourth.warnings()).toEqual([
      expect.stringMatching(/lets nobody in: the token "first" .* was revoked at 20/),
    ]);
    expect(tokens()).toMatchObject([{ name: 'first', state: 'revoked' }]);

    const said = [first, second, third, fourth].map((server) => server.errors()).join('');
    for (const text of [secret, changed]) expect(said).not.toContain(text.slice(12));
  });

  it('makes only one token even if three servers start at once with two secrets; all three require that token', async () => {
    const { serve, path, tokens } = await setUp();
    const secrets = [draw(), draw()];
    const files = secrets.map((secret, i) => {
      writeFileSync(path + i, secret);
      return path + i;
    });
    const [one = '', other = ''] = files;
    const servers = [one, other, one].map((file) => serve({ SSM_ARCHIVE_TOKEN_FILE: file }));
    await Promise.all(servers.map((server) => server.url()));
    const made = tokens();
    expect(made).toMatchObject([{ name: 'first', role: 'operator', state: 'live' }]);
    const isFirst = secrets[0]?.startsWith(made[0]?.id ?? 'none');
    for (const server of servers) {
      const statuses = secrets.map(async (secret) => (await ask(server, '/v1/invocations', secret)).status);
      expect(await Promise.all(statuses)).toEqual(isFirst ? [200, 401] : [401, 200]);
    }
    // Other warnings are about passes that run at the same time.
    const warnings = servers.map((server) => server.warnings().filter((text) => text.includes('_TOKEN_FILE')).length);
    expect(warnings).toEqual(isFirst ? [0, 1, 0] : [1, 0, 1]);
  });

  it('may listen on an address that other machines can reach', async () => {
    const { serve, path } = await setUp();
    writeFileSync(path, draw());
    // An address for documentation, which no machine has: the server tries to listen there, and fails.
    const elsewhere = { SSM_ARCHIVE_HOST: '192.0.2.1' };
    const { code, err } = await serve(elsewhere).ended;
    expect(code).toBe(2);
    expect(err).toContain("The server can't listen on 192.0.2.1:0");
  });
});

describe.concurrent('a server without any token', () => {
  it('exits with code 2 and a sentence, before it listens or makes an archive, if the file for the first token has no secret', async () => {
    const { serve, path, setting } = await setUp();
    for (const [content, fault] of [
      [undefined, 'there is no such file'],
      ['a password of my own', 'its content is not exactly "ssm_" followed by the 43 characters of a secret'],
    ] as const) {
      if (content !== undefined) writeFileSync(path, content);
      const { code, err } = await serve().ended;
      expect([code, JSON.parse(err).msg]).toEqual([
        2,
        `The first token can't be read from ${path} (SSM_ARCHIVE_TOKEN_FILE), because ${fault}: put there what "ssm-archive token create --print-only" prints.`,
      ]);
      expect(existsSync(setting.archive)).toBe(false);
    }
  });
});

it.concurrent('the demo needs no token, whatever file SSM_ARCHIVE_TOKEN_FILE names', async () => {
  const { setting, path } = await setUp();
  const env = { ...setting.env, SSM_ARCHIVE_PORT: '0', SSM_ARCHIVE_TOKEN_FILE: path };
  const demo = start({ ...setting, env }, ['demo', '--invocations', '50', '--db', join(setting.folder, 'demo.db')]);
  await until(() => demo.errors().includes('\nServing on ') || demo.child.exitCode !== null);
  const [, url = 'none'] = /\nServing on (\S+)/.exec(demo.errors()) ?? [];
  expect((await fetch(`${url}/v1/invocations`)).status).toBe(200);
  demo.child.kill('SIGTERM');
  expect((await demo.ended).code).toBe(0);
});
