import type { Command } from '@commander-js/extra-typings';
import { readCheckpointFile } from '../../../archive/verify/outside/read-checkpoint-file.ts';
import { readKnownOutside } from '../../../archive/verify/read-known-outside.ts';
import type { Config } from '../../../config/config.ts';
import { loadConfig } from '../../../config/load-config.ts';
import { openArchiveReadOnly } from '../../../db/open.ts';
import { faultOfSchedule } from '../../../ingest/schedule.ts';
import { type LakeQuestion, verifyLake } from '../../../lake/verify/verify-lake.ts';
import { UserFault } from '../../../lib/errors/user-fault.ts';
import { programPath } from '../../../lib/process/program-path.ts';
import { type VerifyProgress, verifyArchive } from '../../../processes/verify/verify-archive.ts';
import { findOwnFiles } from '../../archive/own-files.ts';
import { createShareDisplay } from '../../display/show-share.ts';
import { collected } from '../../options/collected.ts';
import { wholeNumber } from '../../options/whole-number.ts';
import { stopSignal, type Terminal } from '../../terminal.ts';
import { lakeOf } from '../seal/lake-of.ts';
import { describeVerdict } from './describe-verdict.ts';
import { EXIT_CODES } from './exit-code.ts';
import { sortWords } from './sort-words.ts';
import { checkedKeys, verifyPack } from './verify-pack.ts';
import { type WholeVerdict, withLake } from './with-lake.ts';

const HELP = `
Nothing in a file proves whose file it is: somebody who makes up a file signs it with a key of their own. So the file \
is compared with what was kept outside it: --key, --checkpoint, verify.keys of archive.yaml, or, for your own archive, \
the file of its key.

Exit codes: 0 intact or genuine, by a key or checkpoint from outside; 1 something is wrong; 2 the call is wrong; 3 its \
parts fit each other, but who signed it was not checked. Without --lake, the rows of sealed days that are in the lake \
are not read, and the first line says so.`;

/** `verify`: proves whether the archive is what was observed. */
export function addVerify(program: Command, terminal: Terminal): void {
  program
    .command('verify')
    .description('prove that nothing in the archive, or in an evidence pack, was changed since it was observed')
    .argument('[pack...]', 'an evidence pack to verify instead of the archive')
    .option(
      '--checkpoint <file>',
      'compare the archive or pack with a checkpoint that was kept elsewhere; may be given again',
      collected,
    )
    .option(
      '--key <verifier-key>',
      'a key that you got from elsewhere and that must have signed the archive or pack; of several keys, one must have signed. Used instead of verify.keys and the key’s file',
      collected,
    )
    .option('--processes <number>', 'how many processes verify (default: one for each core)')
    .option('--lake', 'also read the sealed days in the lake: each object, and each row in it')
    .option('--sample <days>', 'with --lake: only so many sealed days, chosen at random')
    .option('--json', 'print the verdict as JSON')
    .addHelpText('after', HELP)
    .action(async (words, options) => {
      const { pack, keys, checkpoints } = sortWords(words, {
        keys: options.key ?? [],
        checkpoints: options.checkpoint ?? [],
      });
      if (pack !== undefined) {
        await verifyPack(pack, { keys, checkpoints, json: options.json }, terminal);
        return;
      }
      const { config, release } = findOwnFiles(loadConfig(faultOfSchedule), ['ledgerKey']);
      const givenKeys = checkedKeys(keys);
      const processes =
        options.processes === undefined ? undefined : wholeNumber('--processes', options.processes, 64, 1);
      const lake = lakeQuestion(config, options);
      const known = readKnownOutside(config, givenKeys);
      release();
      const outside = [...known.outside, ...checkpoints.flatMap(readCheckpointFile)];
      // If the file is not an archive of this version, this throws an error that says how it can be read.
      const archive = openArchiveReadOnly(config.db);
      archive.close();
      const { signal } = stopSignal(terminal, 'Stopping. Nothing was changed.');
      const startedAt = performance.now();
      const show = createShareDisplay(terminal, { doing: 'Verifying', what: 'leaves' });
      let verdict: WholeVerdict;
      try {
        const question = { ...known, path: config.db, outside, signal };
        const program = { path: programPath('verifier'), mode: archive.mode };
        const onProgress = ({ leaves, of }: VerifyProgress) => show(leaves, of);
        const ofFile = await verifyArchive({ ...question, onProgress, processes, program });
        const showLake = createShareDisplay(terminal, { doing: 'Verifying the lake', what: 'leaves' });
        const onLake = ({ leaves, of }: VerifyProgress) => showLake(leaves, of);
        const ofLake =
          lake &&
          (await verifyLake({ ...lake, path: config.db, mode: archive.mode, signal, processes, onProgress: onLake }));
        verdict = withLake(ofFile, ofLake);
        archive.confirm();
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
      else terminal.out(describeVerdict(config.db, verdict, known, elapsedMs));
      process.exitCode = EXIT_CODES[verdict.verdict];
    });
}

/** Returns which days of the lake to read; undefined without --lake. */
function lakeQuestion(
  config: Config,
  options: { lake?: true; sample?: string },
): Pick<LakeQuestion, 'place' | 'sample' | 'random'> | undefined {
  if (!options.lake) {
    if (options.sample === undefined) return undefined;
    throw new UserFault('--sample is only for --lake.', { exitCode: 2 });
  }
  const sample = options.sample === undefined ? undefined : wholeNumber('--sample', options.sample, 100_000, 1);
  const lake = lakeOf(config);
  const place = { location: lake.location, cacheFolder: `${config.db}-lake-cache`, cacheBytes: lake.cacheBytes };
  return { place, sample, random: Math.random };
}
