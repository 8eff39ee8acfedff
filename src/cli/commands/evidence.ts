import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Command } from '@commander-js/extra-typings';
import { absenceOf } from '../../archive/evidence/coverage/absence-of.ts';
import type { EvidenceQuestion, EvidenceSummary } from '../../archive/evidence/evidence.ts';
import { EvidenceEmpty } from '../../archive/evidence/evidence-empty.ts';
import { EvidenceUnseen } from '../../archive/evidence/unseen/evidence-unseen.ts';
import { makeWorkFolder, removeDeadWork } from '../../archive/evidence/work-folder.ts';
import type { Config } from '../../config/config.ts';
import { environmentOfLake, loadConfig } from '../../config/load-config.ts';
import { faultOfSchedule } from '../../ingest/schedule.ts';
import { placeOfLake } from '../../lake/files/place-of-lake.ts';
import { membersToRedact } from '../../ledger/entries/members-to-redact.ts';
import { REDACTABLE_MEMBERS } from '../../ledger/entries/redactable-members.ts';
import { asSentence, findPathFault } from '../../lib/errors/path-fault.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { identifyFile } from '../../lib/files/identify-file.ts';
import { makeApart } from '../../processes/evidence/make-evidence-apart.ts';
import { FILTER_NAMES } from '../../questions/filters.ts';
import { sayWholeFrom } from '../../questions/say-whole-from.ts';
import { TIME_HELP } from '../../questions/time/read-time.ts';
import { configuredPlaces } from '../../upstream/configured-sources.ts';
import { holdOwnFiles } from '../archive/own-files.ts';
import { openToWrite } from '../archive/write-archive.ts';
import { showWaiting } from '../display/show-waiting.ts';
import { collected } from '../options/collected.ts';
import { explainNothing, sayNothing } from '../questions/check-seen.ts';
import { addFilterOptions, readFilterOptions } from '../questions/filter-options.ts';
import { type PackSql, queryOfPack, writeResult } from '../questions/pack-query.ts';
import { readingContext } from '../questions/reading-context.ts';
import { ALLOW_UNSEEN, refuseUnseen } from '../questions/refuse-unseen.ts';
import { settleIds } from '../questions/settle-ids.ts';
import { stopSignal, type Terminal } from '../terminal.ts';
import { counted, duration } from '../text/format.ts';
import { coverageLines } from './verify/coverage-lines.ts';

const HELP = `
The pack has the invocations as CSV and NDJSON; every state that was observed of them, with its proof of inclusion in \
the ledger; their outputs, and all that was fetched of them; their commands and all others of the span, with parameters, targets and senders, and every state of them; a signed certificate of coverage of the span; the ledger's checkpoint; and VERIFY.md, which \
says how to check all of it with public tools alone. "ssm-archive verify --key KEY pack.zip" also checks it, on any \
machine.
If the archive has nothing that matches, no pack is made, and the exit code is 1. If the archive has never seen a \
value that is asked for, the exit code is 2, and the names that may have been meant are printed: an empty pack would \
be useless to its reader.
Ids of commands and nodes may be shortened to four or more of their first characters if no other id begins with these.
The command signs a checkpoint of the ledger and writes it into the archive, so it needs a user who may write there, \
and the ledger's key.
${TIME_HELP}`;

/** `evidence`: makes a pack that can be checked without the archive. */
export function addEvidence(program: Command, terminal: Terminal): void {
  const evidence = program.command('evidence');
  evidence
    .description('make an evidence pack: what ran in a span, with proofs that anyone can check')
    .requiredOption('--output <file>', 'where the pack goes: a .zip that does not exist yet')
    .option('--sql <select>', 'also put the rows of this query into the pack')
    .option('--report <name>', 'also put the rows of this report into the pack')
    .option('--param <name=value>', 'a parameter of the report; may be given again', collected)
    .option('--without-outputs', 'leave the texts of outputs out; states name them by their SHA-256')
    .option(
      '--redact <members>',
      `leave out the values of these members; their commitments stay, or the hash of an entry that has none: ${REDACTABLE_MEMBERS.join(', ')}, or all`,
    )
    .option('--allow-empty', 'also make an empty pack: it proves an absence only where coverage is complete')
    .option(...ALLOW_UNSEEN)
    .option('--json', 'print the summary as JSON')
    .addHelpText('after', HELP)
    .action(async (options) => {
      const { config, release } = holdOwnFiles(loadConfig(faultOfSchedule), ['ledgerKey', 'reportsFile']);
      const filter = readFilterOptions(options, FILTER_NAMES, readingContext(config, new Date()));
      if (filter.requestedAfter === undefined || filter.requestedBefore === undefined)
        throw wrongCall('--from and --to are needed: a pack covers a span.');
      const output = resolve(options.output);
      if (existsSync(output)) throw wrongCall(`There is ${output} already: a pack never replaces another file.`);
      const noPlace = findPathFault(output, 'write');
      if (noPlace !== undefined) throw wrongCall(asSentence(noPlace));
      if (options.sql !== undefined && options.report !== undefined)
        throw wrongCall('Give --sql or --report, not both.');
      if (options.param && options.report === undefined) throw wrongCall('--param is only for --report.');
      const redacted = options.redact === undefined ? [] : membersToRedact(options.redact);
      if (typeof redacted === 'string') throw wrongCall(`--redact ${redacted}`);
      if (redacted.length > 0 && (options.sql !== undefined || options.report !== undefined))
        throw wrongCall('--redact cannot leave out parts of the rows of a query: give it without --sql and --report.');
      const query = await queryOfPack(config, options);
      const question: EvidenceQuestion = {
        filter,
        ...(query && {
          query: { sql: query.sql, report: options.report, params: Object.fromEntries(Object.entries(query.params)) },
        }),
        withoutOutputs: options.withoutOutputs === true,
        ...(redacted.length > 0 && { redacted }),
        ...(options.allowEmpty && { allowEmpty: true }),
        ...(options.allowUnseen && { allowUnseen: true }),
      };
      const { signal } = stopSignal(terminal, 'Stopping. The unfinished pack will be removed.');
      const startedAt = performance.now();
      let summary: EvidenceSummary;
      try {
        summary = await make(config, question, output, query, signal, terminal);
      } catch (error) {
        if (error instanceof EvidenceUnseen)
          throw refuseUnseen(terminal, error.neverSeen, { isJson: options.json === true });
        if (!signal.aborted) throw error;
        terminal.note('Not made: stopped before the end.');
        process.exitCode = 1;
        return;
      } finally {
        if (terminal.isInteractive) terminal.erase();
        release();
      }
      if (options.json) terminal.json({ output, ...summary });
      else terminal.out(describeEvidence(output, summary, performance.now() - startedAt));
    });
  addFilterOptions(evidence, FILTER_NAMES);
}

async function make(
  config: Config,
  question: EvidenceQuestion,
  output: string,
  query: PackSql | undefined,
  signal: AbortSignal,
  terminal: Terminal,
): Promise<EvidenceSummary> {
  // The archive is opened for writing for two reasons: to add the ledger if an older version made the archive without
  // one, and to prevent a change of its key while the pack is made.
  const archive = await openToWrite(config.db, terminal, signal);
  const removed = await removeDeadWork(dirname(config.db));
  if (removed.length > 0)
    terminal.note(`Removed the remains of evidence packs whose processes were killed: ${removed.join(', ')}.`);
  const work = makeWorkFolder(dirname(output));
  // Progress counts states because they take longest in a large pack. The outputs and the check of the whole pack come
  // after them.
  const waiting = showWaiting(terminal, () => performance.now(), 'states');
  let shown = 0;
  try {
    const { sqlite } = archive;
    const day = query?.wholeFrom(sqlite);
    const settled: EvidenceQuestion = {
      ...{ ...question, filter: settleIds(sqlite, question.filter, { terminal }) },
      ...(question.query && { query: { ...question.query, ...(day !== undefined && { wholeFrom: day }) } }),
    };
    const explain = () => sayNothing(explainNothing(sqlite, settled.filter, config, Date.now()), settled.filter);
    const whole = join(work.path, 'evidence.zip');
    const { db: archivePath, ledgerKey: keyPath, authDb, settlingMs } = config;
    const configured = configuredPlaces(config.sources);
    const asked = { question: settled, configured, parameters: query?.parameters };
    const summary = await makeApart(
      {
        ...asked,
        archivePath,
        file: identifyFile(archivePath),
        keyPath,
        authDb,
        settlingMs,
        lake: placeOfLake(config, environmentOfLake(config)),
        output: whole,
      },
      {
        signal,
        writeResult:
          query &&
          (async (folder) => {
            await writeResult(config, query, folder, signal, terminal);
            if (query.wholeFrom(sqlite) !== day)
              throw new UserFault('A day was sealed while the pack was made. Make the pack again.');
          }),
        onStates(states) {
          waiting.add(states - shown);
          shown = states;
        },
      },
    ).catch((error: unknown) => {
      if (!(error instanceof EvidenceEmpty) || error.of !== 'invocations') throw error;
      throw new EvidenceEmpty(error.of, explain());
    });
    if (summary.invocations === 0) terminal.note(explain());
    if (day !== undefined) terminal.note(sayWholeFrom(day, 'The answer to the query in the pack'));
    await rename(whole, output);
    return summary;
  } finally {
    waiting.end();
    work.remove();
    archive.close();
  }
}

function wrongCall(sentence: string): UserFault {
  return new UserFault(sentence, { exitCode: 2 });
}

function describeEvidence(output: string, summary: EvidenceSummary, elapsedMs: number): string[] {
  const { coverage, states, outputs, fullOutputs, size, verifierKey, question } = summary;
  const { invocations, commands, commandStates, senders, withheldStates, withheldCommandStates } = summary;
  const absence = absenceOf({ invocations, commands });
  const redacted = question.redacted
    ? [
        `Redacted  ${question.redacted.join(', ')}; ${counted(withheldStates + withheldCommandStates, 'state')} withheld whole`,
      ]
    : [];
  return [
    `Pack      ${output}${absence === undefined ? '' : `  ${absence}`}`,
    ...coverageLines(coverage, 10),
    `Holds     ${counted(invocations, 'invocation')}, ${counted(states, 'observed state')}, ${counted(outputs, 'output')}${fullOutputs > 0 ? `, ${counted(fullOutputs, 'full output')}` : ''}`,
    `          ${counted(commands, 'command')}, ${counted(commandStates, 'observed state')} of commands, ${counted(senders, 'sender')}`,
    ...redacted,
    `Ledger    ${counted(size, 'leaf', 'leaves')}`,
    `Key       ${verifierKey}`,
    `Took      ${duration(elapsedMs)}`,
    'Verify it anywhere by "ssm-archive verify --key <the key above> <pack>", or as its VERIFY.md says.',
  ];
}
