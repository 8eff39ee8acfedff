import type { Ran } from './start-installed.ts';

/** A shell command, the exit code with which it must end, and what it must print. */
export type Step = readonly [line: string, code: number, prints: RegExp];

/** The two commands that run until they are stopped. All trials need both of them. */
export const STARTED = ['serve', 'simulate'];

/** The archive's key, as `verify` prints it. */
const KEY = `$(ssm-archive verify --json | node -p 'JSON.parse(require("node:fs").readFileSync(0, "utf8")).signedBy')`;
const IN_PRUNED = 'cd pruned && SSM_ARCHIVE_DB=archive.db';
const IN_RENEWED = 'cd renewed && SSM_ARCHIVE_DB=archive.db';
const IN_TOKENS = 'cd tokens && SSM_ARCHIVE_DB=archive.db';

/** For each command in README's table: trials of what its row says. */
export const COMMAND_TRIALS: Readonly<Record<string, readonly Step[]>> = {
  init: [
    [
      'mkdir made && SSM_ARCHIVE_DB=made/archive.db ssm-archive init',
      0,
      /^Archive +.*made\/archive\.db: made\nKey +.*: made$/m,
    ],
    ['echo x > made/x.db; SSM_ARCHIVE_DB=made/x.db ssm-archive init', 2, /ssm-archive restore[\s\S]*init --new/],
  ],
  ingest: [
    ['ssm-archive ingest', 0, /^Pass \d+ is complete/m],
    ['ssm-archive ingest --json --source default --from $FROM --to $TO', 0, /"outcome": "complete"/],
  ],
  status: [['ssm-archive status', 0, /^Rows +[1-9]\d* invocations[\s\S]*^111122223333 +eu-west-1 .* complete +[1-9]/m]],
  coverage: [
    ['ssm-archive coverage', 0, /^No gaps\./m],
    ['ssm-archive coverage --certificate', 0, /^ssm-archive\/coverage-certificate v1\n[\s\S]*\n— ssm-archive\//],
  ],
  verify: [['ssm-archive verify', 0, /^INTACT .*\nLedger +[1-9]\d* leaves[\s\S]*^Signed +[1-9]/m]],
  // The plain install has no DuckDB, and says so.
  seal: [
    ['SSM_ARCHIVE_LAKE=lake ssm-archive seal --dry-run', 0, /^Waits +[\d-]+ ended less than 35 days ago$/m],
    ['SSM_ARCHIVE_LAKE=lake ssm-archive seal', 2, /written and read by DuckDB[\s\S]*npm install @duckdb\/node-api/],
  ],
  unseal: [['SSM_ARCHIVE_LAKE=lake ssm-archive unseal --day 2026-01-01', 2, /npm install @duckdb\/node-api/]],
  lake: [
    [
      'SSM_ARCHIVE_LAKE=lake ssm-archive lake claim --account 111122223333 --by me',
      0,
      /^Claimed: 111122223333 eu-west-1 is owned by archive 0 of the lake/m,
    ],
    ['SSM_ARCHIVE_LAKE=lake ssm-archive lake ddl duckdb', 0, /^CREATE OR REPLACE VIEW "ssm_archive"\."invocations"/m],
    ['SSM_ARCHIVE_LAKE=lake ssm-archive lake claims', 0, /^111122223333 +eu-west-1 +0 \(this one\) +claimed/m],
    ['SSM_ARCHIVE_LAKE=lake ssm-archive lake release --account 111122223333', 1, /that are not sealed yet/],
  ],
  prune: [
    ['mkdir pruned && ssm-archive backup pruned/archive.db && cp data/archive-ledger.key pruned', 0, /^Checked/m],
    [`${IN_PRUNED} ssm-archive prune --outputs --older-than 2d`, 0, /^Would go +[1-9]/m],
    [
      `${IN_PRUNED} ssm-archive prune --outputs --older-than 2d --execute --reason r --by me`,
      0,
      /^Pruned +[1-9]\d* outputs[\s\S]*1 tombstone/m,
    ],
    [`${IN_PRUNED} ssm-archive verify`, 0, /^INTACT/m],
  ],
  source: [
    ['ssm-archive source list', 0, /^default +111122223333 +eu-west-1 .* owed$/m],
    [
      `${IN_PRUNED} ssm-archive source end default --reason closed --by me`,
      0,
      /^Ended: default 111122223333 eu-west-1/m,
    ],
  ],
  hold: [
    [
      'ssm-archive hold place --from $FROM --to $TO --reason why --by me',
      0,
      /^Hold 1 is placed\. It keeps [1-9]\d* invoc/m,
    ],
    ['ssm-archive hold release 1 --reason done --by me', 0, /^Hold 1 is released/m],
    ['ssm-archive hold list', 0, /^ 1 +released .* me .* why/m],
  ],
  evidence: [
    ['ssm-archive evidence --from $FROM --to $TO --output span.zip', 0, /^Holds +[1-9]\d* invocations/m],
    ['ssm-archive verify span.zip', 3, /^CONSISTENT, SIGNER NOT CHECKED +span\.zip$/m],
    [`ssm-archive verify --key "${KEY}" span.zip`, 0, /^GENUINE +span\.zip$/m],
  ],
  reconcile: [
    [
      'ssm-archive reconcile',
      0,
      /^Everything that the service shows and that has ended is in the archive, byte for byte/m,
    ],
  ],
  sql: [
    [
      'ssm-archive sql --param f=$FROM --format json "SELECT count(*) AS n FROM invocations WHERE requested_at >= :f"',
      0,
      /^\[\{"n":[1-9]\d*\}\]$/m,
    ],
    ['ssm-archive sql --url $SERVER --format csv "SELECT count(*) AS n FROM plugin_runs"', 0, /^n\r?\n[1-9]\d*\r?$/m],
    ['ssm-archive sql --format parquet "SELECT * FROM runs"', 0, /^PAR1[\s\S]*PAR1/],
    ['ssm-archive sql --format arrow "SELECT * FROM runs"', 0, /^ARROW1[\s\S]*ARROW1/],
  ],
  report: [
    ['ssm-archive report', 0, /^what-ran .* What ran where between two times/m],
    ['ssm-archive report what-ran --param from=$FROM --format csv', 0, /^[\d-]+T[\d:.]+Z,111122223333,eu-west-1,/m],
    ['ssm-archive report what-ran --describe', 0, /^SELECT /m],
    ['ssm-archive report what-ran --url $SERVER --format ndjson', 0, /"account_id":"111122223333"/],
  ],
  migrate: [['ssm-archive migrate', 0, / has schema \d+ already\.$/m]],
  backup: [['ssm-archive backup copy.db', 0, /^Checked +SQLite finds nothing wrong[\s\S]*ledger\.key/m]],
  restore: [
    ['mkdir restored && cp data/archive-ledger.key restored', 0, /^/],
    [
      'SSM_ARCHIVE_DB=restored/archive.db ssm-archive restore copy.db',
      0,
      /^Restored +.*\nChecked[\s\S]*^Reaches to +the pass that ended at [\d-]+T/m,
    ],
    ['SSM_ARCHIVE_DB=restored/archive.db ssm-archive verify', 0, /^INTACT/m],
    ['SSM_ARCHIVE_DB=restored/archive.db ssm-archive restore copy.db', 2, /--replace/],
  ],
  doctor: [['ssm-archive doctor', 0, /^ok +archive: .*is whole$[\s\S]*^ok +default: clock: [\s\S]*^All is well\.$/m]],
  'import-senders': [
    ['ssm-archive import-senders trail.json', 0, /the senders of 1 command kept, 0 already known/],
    ['cat trail.json | ssm-archive import-senders -', 0, /the senders of 0 commands kept, 1 already known/],
  ],
  // In a separate folder, because renewing the key would change the key of the other trials.
  key: [
    ['ssm-archive key show', 0, /^Key +ssm-archive\/[0-9a-f]{16}\+\S+\n[\s\S]*^Record +[1-9]/m],
    ['mkdir renewed && ssm-archive backup renewed/archive.db && cp data/archive-ledger.* renewed', 0, /^Checked/m],
    [`${IN_RENEWED} ssm-archive key renew`, 0, /^Says +continues .* nothing that was signed is lost$/m],
    [`${IN_RENEWED} ssm-archive verify`, 0, /^INTACT/m],
  ],
  // In a separate folder, because the server would require a token once there is one, and the other trials have none.
  token: [
    [`mkdir tokens; ${IN_TOKENS} ssm-archive token create --name ci --role reader`, 0, /^ssm_[\w-]{40,}$/m],
    [`${IN_TOKENS} ssm-archive token revoke ci`, 0, /ci/],
    [`${IN_TOKENS} ssm-archive token list`, 0, /^ssm_\S+ +ci +reader +revoked[\s\S]*^0 live tokens of 1\.$/m],
  ],
  demo: [['ssm-archive demo --exit --invocations 600', 0, /A query to try:\n[\s\S]*failed/]],
};

interface BlockTrial {
  form: RegExp;
  /** A second command, which shows the effect of the first. */
  look?: string;
  prints: RegExp;
}

/**
 * For each command in README's blocks, by its form: what it must print before it ends with code 0. The first form that
 * matches counts.
 */
export const BLOCK_TRIALS: readonly BlockTrial[] = [
  { form: /^(npx .* )?ssm-archive demo/, prints: /A query to try:/ },
  { form: /^ssm-archive sql /, prints: /\d+ rows? in / },
  { form: /^ssm-archive evidence .*--output march\.zip/, prints: /^Holds +\d+ invocations/m },
  { form: /^ssm-archive verify --key .* march\.zip/, prints: /^GENUINE +march\.zip$/m },
  { form: /^curl .*\/v1\/stats/, prints: /"week":"\d{4}-W\d\d"/ },
  { form: /^curl -OJ .*format=csv/, look: 'cat *.csv', prints: /^\S*,.*"?AWS-RunPatchBaseline/m },
  { form: /^curl .*\/v1\/invocations/, prints: /"items":\[/ },
  { form: /^aws .* ssm list-command-invocations /, prints: /"CommandInvocations": \[/ },
];

/** A command that starts a program that keeps running: `serve`, as the server for the trials was started. */
export const STARTS = /^(\w+=\S+ )*ssm-archive serve$/;

/**
 * A line of README with values for what it assumes: the server's address, the packed file, and a span that the archive
 * has.
 */
export function adapt(line: string, url: string): string {
  return line
    .replaceAll(/(http:\/\/)?localhost:8420/g, url)
    .replace(/\.\/ssm-archive-\S+\.tgz/, '"$TARBALL"')
    .replace(/ssm-archive demo$/, 'ssm-archive demo --exit --invocations 600')
    .replace('"$KEY"', () => `"${KEY}"`)
    .replaceAll('2026-03-01', '$FROM')
    .replaceAll('2026-04-01', '$TO');
}

export function describeRun(line: string, { code, printed }: Ran): string {
  return `${line}\nexit code ${code}\n${printed}`;
}
