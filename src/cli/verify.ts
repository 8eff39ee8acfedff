import type { Command } from '@commander-js/extra-typings';
import type { Verdict } from '../archive/verify/judge-parts.ts';
import { readCheckpointFile } from '../archive/verify/read-checkpoint-file.ts';
import { readKnownOutside } from '../archive/verify/read-known-outside.ts';
import { loadConfig } from '../config/load-config.ts';
import { openArchiveReadOnly } from '../db/open.ts';
import { faultOfSchedule } from '../ingest/schedule.ts';
import { programPath } from '../lib/program-path.ts';
import { verifyApart } from '../readers/verify-apart.ts';
import { verifyArchive } from '../readers/verify-archive.ts';
import { counted, duration } from './format.ts';
import { joined, type Line, styled } from './line.ts';
import { findOwnFiles } from './own-files.ts';
import { createShareDisplay } from './show-share.ts';
import { stopSignal, type Terminal } from './terminal.ts';
import { checkedKeys, verifyPack } from './verify-pack.ts';
import { wholeNumber } from './whole-number.ts';

/** `verify`: whether the archive is what was observed. */
export function addVerify(program: Command, terminal: Terminal): void {
  program
    .command('verify')
    .description('prove that nothing in the archive, or in an evidence pack, was changed since it was observed')
    .argument('[pack]', 'an evidence pack to verify, in place of the archive')
    .option('--checkpoint <file...>', 'also hold it to checkpoints that were kept elsewhere')
    .option(
      '--key <verifier-key...>',
      'keys that the newest checkpoint may be signed by, in place of the key file’s own',
    )
    .option('--processes <number>', 'how many processes verify; as many as there are cores unless said')
    .option('--json', 'print the verdict as JSON')
    .action(async (pack, options) => {
      if (pack !== undefined) {
        await verifyPack(pack, options, terminal);
        return;
      }
      const { config, release } = findOwnFiles(loadConfig(faultOfSchedule), ['ledgerKey']);
      const givenKeys = checkedKeys(options.key ?? []);
      const processes =
        options.processes === undefined ? undefined : wholeNumber('--processes', options.processes, 64, 1);
      const known = readKnownOutside(config, givenKeys);
      release();
      const outside = [...known.outside, ...(options.checkpoint ?? []).map(readCheckpointFile)];
      // As all that read: it tells what is no archive, and brings an older file to this version's tables.
      const archive = openArchiveReadOnly(config.db);
      archive.close();
      const { signal } = stopSignal(terminal, 'Stopping. Nothing was changed.');
      const startedAt = performance.now();
      const show = createShareDisplay(terminal, { doing: 'Verifying', what: 'leaves' });
      let verdict: Verdict;
      try {
        const question = { ...known, path: config.db, outside, signal };
        // Where the disk has no room for a -shm file, only one process can read.
        verdict = archive.isAlone
          ? await verifyApart({ ...question, program: { path: programPath('verifier'), isAlone: true } })
          : await verifyArchive({ ...question, onProgress: ({ leaves, of }) => show(leaves, of), processes });
      } catch (error) {
        if (terminal.isInteractive) terminal.erase();
        if (!signal.aborted) throw error;
        terminal.note('Not verified: stopped before the end.');
        process.exitCode = 1;
        return;
      }
      if (terminal.isInteractive) terminal.erase();
      const elapsedMs = performance.now() - startedAt;
      if (options.json) terminal.json({ archive: config.db, ...verdict });
      else terminal.out(describe(config.db, verdict, elapsedMs));
      if (!verdict.isIntact) process.exitCode = 1;
    });
}

function describe(path: string, verdict: Verdict, elapsedMs: number): Line[] {
  const [first, ...others] = verdict.faults;
  const head: Line[] = first
    ? [
        joined(styled('red', 'NOT INTACT'), `  ${path}`),
        `First       ${first.what}`,
        ...others.slice(0, 9).map(({ what }) => `            ${what}`),
        ...(others.length > 9 ? [`            and ${others.length - 9} more: --json has them`] : []),
      ]
    : [joined(styled('green', 'INTACT'), `      ${path}`)];
  const outside =
    verdict.outsideCheckpoints > 0 ? `, and ${counted(verdict.outsideCheckpoints, 'checkpoint')} from elsewhere` : '';
  return [
    ...head,
    `Ledger      ${counted(verdict.size, 'leaf', 'leaves')}, ${counted(verdict.revisions, 'revision')} among them; root ${verdict.root}`,
    ...(verdict.pruned > 0
      ? [`Pruned      ${counted(verdict.pruned, 'leaf', 'leaves')}, each under a tombstone of the ledger`]
      : []),
    `Signed      ${counted(verdict.checkpoints, 'checkpoint')} of the file${outside}`,
    ...(verdict.cosignatures > 0
      ? [
          `Cosigned    ${counted(verdict.cosignatures, 'cosignature')} by ${counted(verdict.witnesses, 'witness', 'witnesses')}`,
        ]
      : []),
    ...verdict.notes.map((note) => `Note        ${note}`),
    `Took        ${duration(elapsedMs)}`,
  ];
}
