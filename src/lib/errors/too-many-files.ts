// Without an import of its own: the command says it also where no further file can be read.

/** Enough for a server with all its processes and some hundred connections. */
const ENOUGH_FILES = 1024;

/** What a command and a process that reads for it need; Node itself takes some twenty before it begins. */
const FEWEST_FILES = 40;

let limitRead: { most: number | undefined } | undefined;

/**
 * Reads once how many files this process may have open. To be called before a process is started: after one that could not be, for want of
 * files, Node's report of its handles may never end.
 */
export function noteOpenFileLimit(): void {
  limitRead ??= { most: readOpenFileLimit() };
}

/** How many files this process may have open at a time: Node raises the soft limit to the hard one when it starts. */
export function mostOpenFiles(): number | undefined {
  noteOpenFileLimit();
  return limitRead?.most;
}

function readOpenFileLimit(): number | undefined {
  try {
    // Names of hosts would else be asked for.
    Object.assign(process.report, { excludeNetwork: true });
    const limit = /"open_files":\s*\{\s*"soft":\s*(\d+)/.exec(JSON.stringify(process.report.getReport()))?.[1];
    return limit === undefined ? undefined : Number(limit);
  } catch {
    return undefined;
  }
}

/** Whether an error, or what it comes from, is that this process may not open another file, connection or pipe. */
export function isTooManyFiles(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    const code = 'code' in at ? at.code : undefined;
    if (code === 'EMFILE' || /\bEMFILE\b|too many open files/i.test(at.message)) return true;
  }
  return false;
}

/** What that means and what to do. */
export function tooManyFiles(most = mostOpenFiles()): string {
  const wanted = most !== undefined && most >= ENOUGH_FILES ? 2 * most : ENOUGH_FILES;
  const only = most === undefined ? 'too few files' : `only ${most} files`;
  return `This process may have ${only} open at a time, connections among them, and needs more. Raise the limit to ${wanted}: "ulimit -n ${wanted}" in the shell that starts it, LimitNOFILE=${wanted} in a systemd unit, or --ulimit nofile=${wanted} for a container.`;
}

/**
 * What to do where a process that was started has ended by itself, `how` in few words; undefined where that says nothing of files. With so low
 * a limit it is one that could not open what it needs, and could not say so.
 */
export function explainLostProcess(how: string, most = mostOpenFiles()): string | undefined {
  const isLow = most !== undefined && most < FEWEST_FILES;
  return isLow || isTooManyFiles(new Error(how)) ? tooManyFiles(most) : undefined;
}

/** What to say before it comes to that; undefined where the limit is high enough for a server. */
export function fewFiles(most = mostOpenFiles()): string | undefined {
  if (most === undefined || most >= ENOUGH_FILES / 4) return undefined;
  return `This process may have ${most} files open at a time. A server takes some dozen for its archive and its processes, and one for each connection: raise the limit to ${ENOUGH_FILES} ("ulimit -n ${ENOUGH_FILES}", LimitNOFILE= in a systemd unit, --ulimit nofile= for a container).`;
}
