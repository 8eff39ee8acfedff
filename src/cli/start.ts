import { isTooManyFiles, tooManyFiles } from '../lib/errors/too-many-files.ts';
import { supportsNode } from '../lib/process/supports-node.ts';
import { visibleText } from '../lib/text/visible-text.ts';

/** The value of `engines` in package.json, which the build fills in. */
declare const SUPPORTED_NODE: string;

// This file is started first. It is old JavaScript without a static import, so that every Node since 10 can run it and
// print the sentence below. On an old Node the program itself would end with a syntax error, or crash in a native
// module.
if (supportsNode(SUPPORTED_NODE, process.versions.node))
  import('./main.ts')
    .then(({ main }) => main())
    .catch((error: unknown) => {
      if (!isTooManyFiles(error)) throw error;
      say(tooManyFiles());
      process.exitCode = 1;
    });
else {
  const supported = SUPPORTED_NODE.replace(/\^(\d+)\.0\.0/g, '$1')
    .replace(/\^(\d+)(\.\d+)\.0/g, '$1 (from $1$2)')
    .replace(/>=(\d+)\.0\.0/g, '$1 or later')
    .replace(/ \|\| (?=[^|]*$)/, ' and ')
    .replace(/ \|\| /g, ', ');
  say(
    `ssm-archive runs on Node ${supported}; this is Node ${process.versions.node} (${visibleText(process.execPath)}). Start it with one of those, or install one from https://nodejs.org.`,
  );
  process.exitCode = 2;
}

/** A server's log is JSON unless it goes to a terminal. Then this line is JSON too. */
function say(sentence: string): void {
  const isLog = process.argv[2] === 'serve' && !process.stderr.isTTY;
  const line = { level: 50, time: new Date().toISOString(), msg: sentence };
  process.stderr.write(`${isLog ? JSON.stringify(line) : sentence}\n`);
}
