import { randomBytes } from 'node:crypto';
import type { Command } from '@commander-js/extra-typings';
import { certifyCoverage } from '../../archive/coverage/certificate/certify-coverage.ts';
import { issueCertificate } from '../../archive/coverage/certificate/issue-certificate.ts';
import { refuseNothing } from '../../archive/coverage/certificate/refuse-nothing.ts';
import { coverageOfSpan } from '../../archive/coverage/coverage-of-span.ts';
import { hours } from '../../archive/coverage/edge.ts';
import { type CoverageQuery, readCoverage, type SourceCoverage } from '../../archive/coverage/read-coverage.ts';
import { saySpan } from '../../archive/coverage/say-span.ts';
import { isAskedFor } from '../../archive/coverage/sources/is-asked-for.ts';
import { type NotConfigured, notConfigured } from '../../archive/coverage/sources/not-configured.ts';
import { nameOfSource } from '../../archive/coverage/sources/owed-source.ts';
import { withinSpan } from '../../archive/coverage/within-span.ts';
import { notConfiguredSentence } from '../../archive/figures/problems-of.ts';
import { loadConfig } from '../../config/load-config.ts';
import type { ReadConfig } from '../../config/read-config.ts';
import type { ArchiveDb } from '../../db/open.ts';
import { faultOfSchedule } from '../../ingest/schedule.ts';
import { TIME_HELP } from '../../questions/time/read-time.ts';
import { configuredSources } from '../../upstream/configured-sources.ts';
import { holdOwnFiles } from '../archive/own-files.ts';
import { readArchive } from '../archive/read-archive.ts';
import { openToWrite } from '../archive/write-archive.ts';
import { checkSeen } from '../questions/check-seen.ts';
import { addFilterOptions, hasFilterOptions, readFilterOptions } from '../questions/filter-options.ts';
import { readingContext } from '../questions/reading-context.ts';
import { ALLOW_UNSEEN } from '../questions/refuse-unseen.ts';
import { parseSpan, type Terminal } from '../terminal.ts';
import { counted, duration, table } from '../text/format.ts';

const HELP = `
${TIME_HELP}
Exit code 1 if anything that is asked for is not complete. --certificate signs a checkpoint of the ledger and writes \
it into the archive, so it needs a user who may write there, and the ledger's key. Without --certificate nothing is \
written.`;

const PLACE = ['account', 'region'] as const;

/** `coverage`: shows which time is known to be complete, which is not, and why. */
export function addCoverage(program: Command, terminal: Terminal): void {
  const command = program.command('coverage');
  addFilterOptions(command, PLACE);
  command
    .description('show for each account and region which spans are listed completely, and why others are not')
    .option('--from <time>', 'start of the span to judge')
    .option('--to <time>', 'end of the span to judge')
    .option(...ALLOW_UNSEEN)
    .option('--certificate', 'print a signed statement of the coverage, with the listings that prove it')
    .option('--json', 'print as JSON')
    .addHelpText('after', HELP)
    .action(async (options) => {
      const read = loadConfig(faultOfSchedule);
      const { config } = read;
      const nowMs = Date.now();
      const span = parseSpan(options.from, options.to, nowMs, 0);
      const query = {
        ...{ nowMs, settlingMs: config.settlingMs },
        ...(options.from !== undefined && { from: span?.from }),
        ...(options.to !== undefined && { to: span?.to }),
      };
      const place = readFilterOptions(options, PLACE, readingContext(config, new Date(nowMs)));
      const { account: accountId, region } = place;
      const how = { config, isJson: options.json === true, allowUnseen: options.allowUnseen === true };
      if (options.certificate)
        return await certify(
          terminal,
          read,
          { ...query, accountId, region },
          (sqlite) => checkSeen(sqlite, place, { ...how, terminal }),
          how.isJson,
        );
      await readArchive(config.db, terminal, (db, terminal) => {
        checkSeen(db.sqlite, place, { ...how, terminal });
        const all = readCoverage(db.sqlite, query).filter((of) => isAskedFor(of, { accountId, region }));
        const coverage = withinSpan(all, query);
        const left = notConfigured(db.sqlite, configuredSources(config.sources));
        if (how.isJson) terminal.json(coverage);
        else {
          const isNarrow = hasFilterOptions(options, PLACE) || span !== undefined;
          const asked =
            coverage.length > 0 || !isNarrow
              ? ''
              : saySpan(coverageOfSpan(db.sqlite, { ...query, accountId, region }), place);
          terminal.out(describeCoverage(coverage, { left, asked }, terminal));
        }
        // An empty list does not show that anything is complete.
        if (coverage.length === 0 || coverage.some(({ isComplete }) => !isComplete)) process.exitCode = 1;
      });
    });
}

async function certify(
  terminal: Terminal,
  read: ReadConfig,
  query: CoverageQuery & { accountId?: string | undefined; region?: string | undefined },
  check: (sqlite: ArchiveDb['sqlite']) => void,
  isJson: boolean,
): Promise<void> {
  const db = await openToWrite(read.config.db, terminal);
  const { config, release } = holdOwnFiles(read, ['ledgerKey']);
  try {
    check(db.sqlite);
    const found = certifyCoverage(db.sqlite, query);
    refuseNothing(found);
    const owner = { keyPath: config.ledgerKey, authDb: config.authDb, db: config.db };
    const issued = issueCertificate(db.sqlite, found, { ...owner, random: randomBytes, now: () => new Date() });
    // Others verify the note byte for byte, so it is written as data. Text that others chose is in the note only inside
    // a line of JSON, where the terminal escapes invisible characters.
    if (isJson) terminal.json(issued);
    else await terminal.data([Buffer.from(issued.note)], 'ndjson');
    if (!found.complete) process.exitCode = 1;
  } finally {
    release();
    db.close();
  }
}

function describeCoverage(
  coverage: SourceCoverage[],
  { left, asked }: { left: readonly NotConfigured[]; asked: string },
  terminal: Terminal,
): string[] {
  if (coverage.length === 0)
    return asked !== ''
      ? [
          'None of the requested sources is owed now or was ever collected. With --from and --to you see what was owed in that span.',
          asked,
        ]
      : ['Nothing is covered yet: run "ssm-archive ingest".'];
  const rows = coverage.flatMap(({ alias, accountId, region, covered, edges, gaps }) =>
    [
      ...covered.map(({ from, to }) => ({ from, to, state: 'complete' })),
      ...edges.map(({ from, to }) => ({ from, to, state: 'edge' })),
      ...gaps.map(({ from, to, isForgotten }) => ({ from, to, state: isForgotten ? 'lost' : 'missing' })),
    ]
      .sort((a, b) => (a.from < b.from ? -1 : 1))
      .map(({ from, to, state }) => [
        state,
        accountId ?? alias ?? '',
        region ?? '-',
        from,
        to,
        duration(Date.parse(to) - Date.parse(from)),
      ]),
  );
  const edges = coverage.flatMap(describeEdges);
  const gaps = coverage.reduce((sum, source) => sum + source.gaps.length, 0);
  const forgotten = coverage.flatMap(({ accountId, region, forgottenCommands }) =>
    forgottenCommands.map(
      ({ commandId, requestedAt, targetCount, knownInvocations }) =>
        `${accountId} ${region}: command ${commandId}, sent ${requestedAt ?? 'at an unknown time'}, was not seen to end before the service forgot it; ${knownInvocations} of ${targetCount ?? 'an unknown number of'} invocations are known.`,
    ),
  );
  const touched = coverage.flatMap(({ span, edges: own }) => own.filter(({ to }) => to > span.from)).length;
  const missing = coverage.flatMap((of) =>
    of.alias === undefined
      ? []
      : [
          `${nameOfSource(of)}: missing since ${of.sinceAt}: ${[...new Set(of.gaps.map(({ cause }) => cause))].join(' ')}`,
        ],
  );
  const unfinished = coverage.reduce((sum, source) => sum + source.unfinishedCommands, 0);
  const verdict = [
    gaps === 0 ? 'No gaps.' : `${counted(gaps, 'gap')}.`,
    ...(missing.length > 0
      ? [
          `${counted(missing.length, 'source')} missing: nothing is complete without ${missing.length === 1 ? 'it' : 'them'}.`,
        ]
      : []),
    ...(touched > 0 ? [`${counted(touched, 'edge')} where some invocations may be missing.`] : []),
    ...(forgotten.length > 0 ? [`${counted(forgotten.length, 'forgotten command')}.`] : []),
    ...(unfinished > 0
      ? [
          `${counted(unfinished, 'command')} may still get more invocations; until these commands end, each pass lists their invocations by the command's id.`,
        ]
      : []),
  ].join(' ');
  const causes = [
    ...new Set(
      coverage.flatMap((source) =>
        source.alias === undefined
          ? source.gaps.map((gap) => `${source.accountId} ${source.region}: ${gap.cause}`)
          : [],
      ),
    ),
  ];
  // STATE is the first column because a narrow terminal moves the last columns to lines of their own.
  const header = ['STATE', 'ACCOUNT', 'REGION', 'FROM', 'TO', 'SPAN'];
  return [
    ...table(header, rows, terminal.outWidth),
    ...edges,
    ...causes,
    ...missing,
    ...left.map((source) => `${nameOfSource(source)}: ${notConfiguredSentence(source)}`),
    ...forgotten,
    verdict,
  ];
}
/**
 * Returns a sentence for each edge: from which time the span is judged, and which invocations may be missing at the
 * edge.
 */
function describeEdges(of: SourceCoverage): string[] {
  if (of.alias !== undefined) return [];
  const { accountId, region, isComplete, span, edges, spreadMs } = of;
  return edges.map(({ from, to }) => {
    const later = `until ${to}, later invocations of commands sent before ${from} may be missing`;
    const assumed = `assuming that no invocation is requested more than ${hours(spreadMs)} after its command`;
    if (to > span.from) return `${accountId} ${region}: not known to be complete: ${later}, ${assumed}.`;
    return `${accountId} ${region}: ${isComplete ? 'complete' : 'judged'} from ${span.from} to ${span.to}; ${later}, ${assumed}.`;
  });
}
