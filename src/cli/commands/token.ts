import { randomBytes } from 'node:crypto';
import { type Command, type CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import { FIRST_TOKEN, TOKEN_FILE_SETTING } from '../../access/first-token/first-token.ts';
import { type AuthDb, openAuthDb } from '../../access/open-auth-db.ts';
import { ROLES } from '../../access/roles.ts';
import { drawSecret } from '../../access/secret.ts';
import { createAccessKey } from '../../access/tokens/create-access-key.ts';
import { createToken } from '../../access/tokens/create-token.ts';
import { listTokens } from '../../access/tokens/list-tokens.ts';
import { revokeToken } from '../../access/tokens/revoke-token.ts';
import { TOKEN_PREFIX, type TokenView } from '../../access/tokens/token-view.ts';
import { loadConfig } from '../../config/load-config.ts';
import type { ReadConfig } from '../../config/read-config.ts';
import { faultOfSchedule } from '../../ingest/schedule.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { isThere } from '../../lib/files/is-there.ts';
import { DURATION_FORMS, readTime, TIME_FORMS, TIME_HELP } from '../../questions/time/read-time.ts';
import { readDuration } from '../../questions/time/relative-time.ts';
import { findOwnFiles, type Located, settleOwnFiles } from '../archive/own-files.ts';
import type { Terminal } from '../terminal.ts';
import { counted, tableOf } from '../text/format.ts';
import { type Line, styled } from '../text/line.ts';

const now = () => new Date();
const EXPIRY_FORMS = `${DURATION_FORMS} from now on, ${TIME_FORMS}, or never`;

/** `token`: makes, lists and revokes the tokens that callers need. A running server obeys each change at once. */
export function addToken(program: Command, terminal: Terminal): void {
  const token = program
    .command('token')
    .description('make, list and revoke the tokens that callers of the server need');

  token
    .command('create')
    .description('make a token or an access key, and print it: the only time that it is shown')
    .option('--name <name>', 'the name of the token in lists and in the access log')
    .addOption(
      new Option(
        '--role <role>',
        'reader: may ask; sql: may also ask with its own SQL; operator: may also act, and read the access log',
      ).choices(ROLES),
    )
    .option('--expires <when>', `${DURATION_FORMS} from now on, a <time>, or never`, '90d')
    .option('--aws', 'make an access key for the AWS endpoint instead: an id and a secret, for the AWS CLI and SDKs')
    .option(
      '--account <ids>',
      'with --aws: the accounts that the key may read, separated by commas (default: all)',
      commaList,
    )
    .option(
      '--region <names>',
      'with --aws: the regions that the key may read, separated by commas (default: all)',
      commaList,
    )
    .option(
      '--print-only',
      `print a secret and store nothing. Put it into the file that ${TOKEN_FILE_SETTING} names: a server without any token takes its first from there, called "${FIRST_TOKEN.name}", with the role ${FIRST_TOKEN.role}, valid for ever. Takes no other option`,
    )
    .addHelpText('after', `\n${TIME_HELP}`)
    .action(({ name, role, expires, aws, account, region, printOnly }, command) => {
      if (printOnly) {
        refuseOthers(command);
        printSecret(terminal);
        return;
      }
      // These checks are here because Commander's requiredOption would demand the options with --print-only too.
      if (name === undefined) return command.error("error: required option '--name <name>' not specified");
      if (role === undefined) return command.error("error: required option '--role <role>' not specified");
      return withTokens(settledTokens(terminal), (authDb) => {
        const expiresAt = parseExpiry(expires, Date.now());
        if (!aws && (account || region))
          throw new UserFault('--account and --region are for access keys: give --aws with them.', { exitCode: 2 });
        if (aws) {
          const key = { name, role, expiresAt, accounts: account, regions: region };
          const made = createAccessKey({ authDb, now, random: randomBytes }, key);
          terminal.note(
            `The access key "${name}" (${made.accessKeyId}, ${role}) is valid ${validity(expiresAt)}. Its secret is shown this once; the server keeps it in its file of tokens, which its owner alone may read.`,
          );
          terminal.out(`AWS_ACCESS_KEY_ID=${made.accessKeyId}`);
          terminal.out(`AWS_SECRET_ACCESS_KEY=${made.secretAccessKey}`);
          terminal.note(
            'Set these two and AWS_ENDPOINT_URL_SSM, the address of this server; docs/aws-endpoint.md has more.',
          );
          return;
        }
        const made = createToken({ authDb, now, random: randomBytes }, { name, role, expiresAt });
        terminal.note(
          `The token "${name}" (${made.view.id}, ${role}) is valid ${validity(expiresAt)}. It is shown this once; only its hash is stored.`,
        );
        terminal.out(made.token);
        terminal.note('Use it with "Authorization: Bearer <token>", or at /login.');
      });
    });

  token
    .command('list')
    .description('every token and access key that was ever made: its state, its expiry, its last use')
    .option('--json', 'print as JSON')
    .action(async (options) => {
      const tell = (tokens: TokenView[]) => {
        if (options.json) terminal.json(tokens);
        else terminal.out(describeTokens(tokens, terminal.outWidth));
      };
      const { config, release } = findOwnFiles(loadConfig(faultOfSchedule), ['authDb']);
      release();
      // A command that only reads must not make a file.
      if (isThere(config.authDb))
        await withTokens(
          (read) => findOwnFiles(read, ['authDb']),
          (authDb) => tell(listTokens({ authDb, now })),
        );
      else tell([]);
    });

  token
    .command('revoke <name-or-id>')
    .description('end a token, and the sessions of browsers that logged in with it, at once')
    .action((nameOrId) =>
      withTokens(settledTokens(terminal), (authDb) => {
        for (const { id, name } of revokeToken({ authDb, now }, nameOrId)) terminal.note(`Revoked "${name}" (${id}).`);
      }),
    );
}

/** Throws UserFault if --print-only comes with another option: the first token's name, role and expiry are fixed. */
function refuseOthers(command: CommandUnknownOpts): void {
  const others = command.options
    .filter(
      (option) => command.getOptionValueSource(option.attributeName()) === 'cli' && option.long !== '--print-only',
    )
    .map(({ long }) => long);
  if (others.length === 0) return;
  throw new UserFault(
    `--print-only takes no other option, because its secret becomes the token "${FIRST_TOKEN.name}" with the role ${FIRST_TOKEN.role}, which never expires: leave out ${others.join(', ')}.`,
    { exitCode: 2 },
  );
}

function printSecret(terminal: Terminal): void {
  terminal.note('A secret for the first token of a server. It is shown this once, and stored nowhere.');
  terminal.out(drawSecret(TOKEN_PREFIX, randomBytes).text);
  terminal.note(
    `Put it into a file and name that file in ${TOKEN_FILE_SETTING}: if no token was ever made, "ssm-archive serve" makes the token "${FIRST_TOKEN.name}" (${FIRST_TOKEN.role}, never expires) from it.`,
  );
}

/** Splits an option's list at commas, and adds the parts to those of earlier options. */
function commaList(text: string, before: string[] = []): string[] {
  return [...before, ...text.split(',').map((part) => part.trim())];
}

function validity(expiresAt: Date | undefined): string {
  return expiresAt ? `until ${expiresAt.toISOString()}` : 'for ever';
}

type Locate = (read: ReadConfig) => Located | Promise<Located>;

/**
 * Gives the archive its own files first: a change to its tokens must not change the tokens of other archives in the
 * folder.
 */
function settledTokens(terminal: Terminal): Locate {
  return (read) => settleOwnFiles(read, ['authDb'], terminal.note);
}

async function withTokens(locate: Locate, work: (authDb: AuthDb) => void): Promise<void> {
  const { config, release } = await locate(loadConfig(faultOfSchedule));
  try {
    const authDb = openAuthDb(config.authDb);
    try {
      work(authDb);
    } finally {
      authDb.close();
    }
  } finally {
    release();
  }
}

/**
 * Returns when a token expires; undefined for never. Throws UserFault for text that is neither a length of time nor a
 * time.
 */
export function parseExpiry(text: string, nowMs: number): Date | undefined {
  if (text === 'never') return undefined;
  const length = readDuration(text);
  const at = readTime(length === undefined ? text : `+${text}`, nowMs);
  if (at !== undefined) return new Date(at);
  throw new UserFault(`--expires must be ${EXPIRY_FORMS}, not "${text}".`, { exitCode: 2 });
}

const HEADER = ['ID', 'NAME', 'ROLE', 'STATE', 'EXPIRES', 'LAST USED'];

/** Returns the tokens as a table. Rows of tokens that have expired or were revoked are dim. */
export function describeTokens(tokens: TokenView[], outWidth: number): Line[] {
  if (tokens.length === 0) return ['There are no tokens: "ssm-archive token create" makes one.'];
  const rows = tokens.map(({ id, name, role, state, expiresAt, lastUsedAt }) => [
    id,
    name,
    role,
    state,
    expiresAt?.slice(0, 10) ?? 'never',
    lastUsedAt?.slice(0, 16).replace('T', ' ') ?? 'never',
  ]);
  const blocks = tableOf(HEADER, rows, outWidth);
  const live = tokens.filter(({ state }) => state === 'live').length;
  const marked = blocks.rows.flatMap((lines, i) =>
    lines.map((line): Line => (tokens[i]?.state === 'live' ? line : styled('dim', line))),
  );
  return [...blocks.header, ...marked, `${counted(live, 'live token')} of ${tokens.length}.`];
}
