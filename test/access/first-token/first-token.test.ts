import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { admitFirstToken } from '../../../src/access/first-token/admit-first-token.ts';
import { type AuthDb, openAuthDb } from '../../../src/access/open-auth-db.ts';
import { drawSecret, parseSecret } from '../../../src/access/secret.ts';
import { createAccessKey } from '../../../src/access/tokens/create-access-key.ts';
import { hasToken } from '../../../src/access/tokens/has-token.ts';
import { listTokens } from '../../../src/access/tokens/list-tokens.ts';
import { revokeToken } from '../../../src/access/tokens/revoke-token.ts';
import { TOKEN_PREFIX } from '../../../src/access/tokens/token-view.ts';
import { verifyToken } from '../../../src/access/tokens/verify-token.ts';
import { assertSafeToServe } from '../../../src/http/auth/assert-safe-to-serve.ts';
import { UserFault } from '../../../src/lib/errors/user-fault.ts';
import { AS_WINDOWS_WRITES } from '../../lib/text-file/as-windows-writes.ts';
import { memoryLog } from '../../memory-log.ts';
import { accessTrial, START } from '../access-trial.ts';

const INFO = 30;
const WARNING = 40;

const draw = () => drawSecret(TOKEN_PREFIX, randomBytes).text;

function setUp() {
  const trial = accessTrial();
  const path = join(trial.folder, 'first.token');
  return {
    ...trial,
    path,
    hold: (content: string | Buffer) => writeFileSync(path, content),
    /** Does what a start of the server does. Returns what it logged, as level and sentence. */
    start(authDb: AuthDb = trial.authDb, named: string = path) {
      const { log, logged } = memoryLog();
      admitFirstToken({ authDb, now: trial.now, log }, named);
      return logged.map(({ level, msg }) => [level, msg]);
    },
  };
}

/** Returns the fault with which a start is refused. */
function faultOf(start: () => unknown): UserFault {
  try {
    start();
  } catch (error) {
    if (error instanceof UserFault) return error;
    throw error;
  }
  throw new Error('The start was not refused.');
}

describe('the first token', () => {
  it.each(['', '\n', '\r\n', ' ', ' \r\n\r\n', '\x1a'])(
    'is made from the secret in the file if there is no token, even with %j after the secret',
    (end) => {
      const { hold, start, deps, path, folder } = setUp();
      const secret = draw();
      hold(secret + end);
      expect(start()).toEqual([
        [
          INFO,
          `The secret in ${path} (SSM_ARCHIVE_TOKEN_FILE) is now the token "first" (${secret.slice(0, 12)}, operator), which never expires.`,
        ],
      ]);
      expect(listTokens(deps)).toEqual([
        {
          ...{ kind: 'token', id: secret.slice(0, 12), name: 'first', role: 'operator', state: 'live' },
          ...{ createdAt: START, expiresAt: null, lastUsedAt: null, revokedAt: null, accounts: null, regions: null },
        },
      ]);
      expect(verifyToken(deps, secret)).toMatchObject({ state: 'live', caller: { name: 'first', role: 'operator' } });
      const files = readdirSync(folder).filter((name) => name.startsWith('auth.db'));
      for (const name of files) expect(readFileSync(join(folder, name)).includes(secret.slice(12))).toBe(false);
    },
  );

  it.each(AS_WINDOWS_WRITES)('is made from a file as Windows writes it: %s', (_how, bytesOf) => {
    const { hold, start, deps } = setUp();
    const secret = draw();
    hold(bytesOf(`${secret}\n`));
    start();
    expect(verifyToken(deps, secret)).toMatchObject({ state: 'live' });
  });

  it('is not imported again by a later start, which logs nothing and does not count as a use of the token', () => {
    const { hold, start, deps, pass } = setUp();
    hold(draw());
    start();
    pass(1);
    expect(start()).toEqual([]);
    expect(listTokens(deps)).toMatchObject([{ createdAt: START, lastUsedAt: null }]);
  });

  it('is read from a file that other users may read, and through links, as Kubernetes mounts a secret', () => {
    const { folder, start, deps } = setUp();
    mkdirSync(join(folder, '..data'));
    writeFileSync(join(folder, '..data', 'token'), draw());
    chmodSync(join(folder, '..data', 'token'), 0o444);
    symlinkSync(join('..data', 'token'), join(folder, 'token'));
    expect(start(deps.authDb, join(folder, 'token'))).toMatchObject([[INFO, expect.any(String)]]);
    expect(listTokens(deps)).toMatchObject([{ name: 'first' }]);
  });

  it('lets a server start on an address that other machines can reach', () => {
    const { hold, start, deps } = setUp();
    const { log } = memoryLog();
    const serve = () => assertSafeToServe({ ...deps, log, host: '0.0.0.0', isInsecureAllowed: false });
    expect(faultOf(serve).message).toContain(
      'or set SSM_ARCHIVE_TOKEN_FILE to a file with the secret of the first token,',
    );
    hold(draw());
    start();
    expect(serve).not.toThrow();
  });

  it('is made once by two servers that start at the same time', () => {
    const { hold, start, deps, authDb, authPath } = setUp();
    const other = openAuthDb(authPath);
    onTestFinished(() => other.close());
    hold(draw());
    // The other server starts after this server has looked for tokens, and before it writes one.
    const overtaken: AuthDb = {
      ...authDb,
      write(work) {
        start(other);
        return authDb.write(work);
      },
    };
    expect(start(overtaken)).toEqual([]);
    expect(listTokens(deps)).toMatchObject([{ name: 'first' }]);
  });

  it('is complete or missing after a crash; if it is missing, the next start makes it', () => {
    const { hold, start, deps, authDb } = setUp();
    hold(draw());
    const crashing: AuthDb = {
      ...authDb,
      write: (work) =>
        authDb.write(() => {
          work();
          throw new Error('The process ends here.');
        }),
    };
    expect(() => start(crashing)).toThrow('The process ends here.');
    expect(hasToken(authDb)).toBe(false);
    start();
    expect(listTokens(deps)).toMatchObject([{ name: 'first', state: 'live' }]);
  });
});

describe('no token is made from the file once any token was made', () => {
  it.each<[string, (trial: ReturnType<typeof setUp>) => unknown]>([
    ['a live token', ({ make }) => make('reader', 'a')],
    ['a token that was revoked', ({ make, deps }) => make('reader', 'a') && revokeToken(deps, 'a')],
    [
      'a token that expired',
      ({ make, pass }) => {
        make('reader', 'a', new Date(Date.parse(START) + 1));
        pass(1);
      },
    ],
    [
      'an access key',
      ({ deps }) =>
        createAccessKey(deps, {
          ...{ name: 'first', role: 'reader', expiresAt: undefined, accounts: undefined, regions: undefined },
        }),
    ],
  ])('no token is made after %s', (_what, before) => {
    const trial = setUp();
    before(trial);
    const { hold, start, deps, path } = trial;
    const secret = draw();
    hold(secret);
    expect(start()).toEqual([
      [
        WARNING,
        `The secret in ${path} (SSM_ARCHIVE_TOKEN_FILE) lets nobody in: tokens were made before, and the file makes a token only if there was never one. Remove the setting, or use a token that "ssm-archive token create" makes.`,
      ],
    ]);
    expect(listTokens(deps)).toHaveLength(1);
    expect(verifyToken(deps, secret)).toEqual({ state: 'unknown' });
  });

  it('a changed file causes one warning, which names the token that still counts', () => {
    const { hold, start, deps, path } = setUp();
    const [before, after] = [draw(), draw()];
    hold(before);
    start();
    hold(after);
    expect(start()).toEqual([
      [
        WARNING,
        `The secret in ${path} (SSM_ARCHIVE_TOKEN_FILE) lets nobody in: it is not the token "first" (${before.slice(0, 12)}), which stays as it is, because the file makes no second token. Put the old secret back; or make another token with "ssm-archive token create", end the first one with "ssm-archive token revoke first", and remove the setting.`,
      ],
    ]);
    expect([before, after].map((text) => verifyToken(deps, text).state)).toEqual(['live', 'unknown']);
  });

  it('a revoked token stays revoked, and a warning names it, whether the file has its secret or another one', () => {
    const { hold, start, deps, path } = setUp();
    const secret = draw();
    hold(secret);
    start();
    revokeToken(deps, 'first');
    const from = `The secret in ${path} (SSM_ARCHIVE_TOKEN_FILE) lets nobody in:`;
    const then = 'Make one with "ssm-archive token create", and remove the setting.';
    const id = secret.slice(0, 12);
    expect(start()).toEqual([
      [
        WARNING,
        `${from} the token "first" (${id}) was revoked at ${START}, and the file makes no second token. ${then}`,
      ],
    ]);
    hold(draw());
    expect(start()).toEqual([
      [
        WARNING,
        `${from} it is not the token "first" (${id}), which was revoked at ${START}, and the file makes no second token. ${then}`,
      ],
    ]);
    expect(verifyToken(deps, secret).state).toBe('revoked');
    expect(listTokens(deps)).toHaveLength(1);
  });

  it('a warning names the token whose secret is in the file, even if its name is also "first"', () => {
    const { hold, start, make, path, pass } = setUp();
    const said = (what: string) => [
      [
        WARNING,
        `The secret in ${path} (SSM_ARCHIVE_TOKEN_FILE) did not become the token "first", because it already belongs to the token ${what}, which stays as it is.`,
      ],
    ];
    const other = make('sql', 'nightly');
    hold(other);
    expect(start()).toEqual(said(`"nightly" (${other.slice(0, 12)}, sql, until 2026-05-30T09:30:00.000Z)`));
    const first = make('operator', 'first', new Date(Date.parse(START) + 1));
    hold(first);
    expect(start()).toEqual(said(`"first" (${first.slice(0, 12)}, operator, until 2026-03-01T09:30:00.001Z)`));
    pass(1);
    expect(start()).toEqual([
      [
        WARNING,
        expect.stringContaining(`"first" (${first.slice(0, 12)}) expired at 2026-03-01T09:30:00.001Z, and the`),
      ],
    ]);
  });
});

const PUT_THERE = 'put there what "ssm-archive token create --print-only" prints';
const OTHER_FORM = 'its content is not exactly "ssm_" followed by the 43 characters of a secret';
/**
 * The possible faults of the file. Each has a way to cause it, a clause about the fault, and a clause about what to do
 * (PUT_THERE by default).
 */
const BAD_FILES: [what: string, content: string | Buffer | ((path: string) => void), fault: string, remedy?: string][] =
  [
    ['missing', () => {}, 'there is no such file'],
    ['a folder', (path) => mkdirSync(path), 'it is a folder, a pipe or a device', 'name a plain file'],
    [
      'a pipe that nobody writes to',
      (path) => execFileSync('mkfifo', [path]),
      'it is a folder, a pipe or a device',
      'name a plain file',
    ],
    [
      'a device that can be read forever',
      (path) => symlinkSync('/dev/zero', path),
      'it is a folder, a pipe or a device',
      'name a plain file',
    ],
    [
      'a link to itself',
      (path) => symlinkSync(path, path),
      'it is a link that leads back to itself',
      'let the user that runs the server read that file and enter the folders above it',
    ],
    ['empty', '', 'it is empty'],
    ['only a line end', '\n', OTHER_FORM],
    ['too large', `${draw()}\n${' '.repeat(512)}`, 'it has more than 512 bytes'],
    ['a secret of 42 characters', draw().slice(0, -1), OTHER_FORM],
    ['a secret of 44 characters', `${draw()}A`, OTHER_FORM],
    ['a secret whose last character has extra bits', `ssm_${'A'.repeat(42)}B`, OTHER_FORM],
    ['a secret without its beginning', draw().slice(4), OTHER_FORM],
    ['a secret with a space in it', draw().replace(/.$/, ' A'), OTHER_FORM],
    ['two secrets', `${draw()}\n${draw()}\n`, OTHER_FORM],
    ['a secret in quotes', `"${draw()}"`, OTHER_FORM],
    ['a variable of a shell', `SSM_ARCHIVE_TOKEN=${draw()}\n`, OTHER_FORM],
    ['a secret in the alphabet of base64', `ssm_${'+/'.repeat(21)}A`, OTHER_FORM],
    ['a secret and a byte that is not text', Buffer.concat([Buffer.from(draw()), Buffer.of(0xfc)]), OTHER_FORM],
    ['UTF-16 cut within a character', Buffer.from(`\ufeff${draw()}\n`, 'utf16le').subarray(0, -1), OTHER_FORM],
    ['the secret of a session', drawSecret('ssms_', randomBytes).text, OTHER_FORM],
    ['the id of an access key', 'SSMAABCDEFGHIJKLMNOP', OTHER_FORM],
    ['a password', 'correct horse battery staple\n', OTHER_FORM],
  ];

describe('a file without a secret', () => {
  function make(content: (typeof BAD_FILES)[number][1], path: string): void {
    if (typeof content === 'function') content(path);
    else writeFileSync(path, content);
  }

  it.each(BAD_FILES)(
    'makes the first start fail with a sentence and exit code 2, and no token is made: %s',
    (_what, content, fault, remedy) => {
      const { path, start, authDb } = setUp();
      make(content, path);
      const { message, exitCode } = faultOf(() => start());
      expect(exitCode).toBe(2);
      expect(message).toBe(
        `The first token can't be read from ${path} (SSM_ARCHIVE_TOKEN_FILE), because ${fault}: ${remedy ?? PUT_THERE}.`,
      );
      expect(hasToken(authDb)).toBe(false);
    },
  );

  it.each(BAD_FILES)('causes only one warning if there are tokens already: %s', (_what, content, fault, remedy) => {
    const { path, start, deps, make: makeToken } = setUp();
    makeToken('reader');
    make(content, path);
    expect(start()).toEqual([
      [
        WARNING,
        `No token can be read from ${path} (SSM_ARCHIVE_TOKEN_FILE), because ${fault}. The file is not needed while there are tokens, but without a token the server would not start: ${remedy ?? PUT_THERE}, or remove the setting.`,
      ],
    ]);
    expect(listTokens(deps)).toHaveLength(1);
  });

  it('is reported if the setting has the secret itself instead of a path, and no message prints the secret', () => {
    const { folder, start, authDb, make: makeToken } = setUp();
    const secret = draw();
    const { message } = faultOf(() => start(authDb, join(folder, secret)));
    expect(message).toBe(
      `The first token can't be read from ${folder}/${secret.slice(0, 12)}[redacted] (SSM_ARCHIVE_TOKEN_FILE), because that is the secret itself, not the path of a file: write the secret into a file, and set SSM_ARCHIVE_TOKEN_FILE to the path of that file.`,
    );
    makeToken('reader');
    expect(JSON.stringify(start(authDb, join(folder, secret)))).not.toContain(secret.slice(12));
  });
});

describe('the check of a secret’s form', () => {
  it('accepts every secret that is generated, and rejects a text with one character added, removed or replaced by one of another kind', () => {
    for (let i = 0; i < 200; i++) {
      const drawn = drawSecret(TOKEN_PREFIX, randomBytes);
      expect(parseSecret(TOKEN_PREFIX, drawn.text)).toEqual(drawn);
      const at = TOKEN_PREFIX.length + (i % 43);
      for (const other of ['', '=', '+', '/', ' ', '\n', '\0', 'é', 'AA'])
        expect(
          parseSecret(TOKEN_PREFIX, drawn.text.slice(0, at) + other + drawn.text.slice(at + 1)),
          other,
        ).toBeUndefined();
    }
  });
});
