// This file imports nothing, because the CLI also uses it when no more files can be opened.

/** Enough for a server with all its processes and a few hundred connections. */
const ENOUGH_FILES = 1024;

/** A command and its reading process need this many files. Node itself opens about twenty at its start. */
const FEWEST_FILES = 40;

let limitRead: { most: number | undefined } | undefined;

/**
 * Reads once how many files this process may have open. Call it before a child process is started: if that fails
 * because no more files can be opened, Node's report may never end.
 */
export function noteOpenFileLimit(): void {
  limitRead ??= { most: readOpenFileLimit() };
}

/**
 * Returns how many files this process may have open at a time. Node raises the soft limit to the hard one when it
 * starts.
 */
function mostOpenFiles(): number | undefined {
  noteOpenFileLimit();
  return limitRead?.most;
}

function readOpenFileLimit(): number | undefined {
  try {
    // Without this setting the report would look up host names.
    Object.assign(process.report, { excludeNetwork: true });
    const limit = /"open_files":\s*\{\s*"soft":\s*(\d+)/.exec(JSON.stringify(process.report.getReport()))?.[1];
    return limit === undefined ? undefined : Number(limit);
  } catch {
    return undefined;
  }
}

/** Whether an error or its cause says that this process may not open another file, connection or pipe. */
export function isTooManyFiles(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    const code = 'code' in at ? at.code : undefined;
    if (code === 'EMFILE' || /\bEMFILE\b|too many open files/i.test(at.message)) return true;
  }
  return false;
}

/** Returns a message that says what the limit means and what to do. */
export function tooManyFiles(most = mostOpenFiles()): string {
  const wanted = most !== undefined && most >= ENOUGH_FILES ? 2 * most : ENOUGH_FILES;
  const only = most === undefined ? 'too few files' : `only ${most} files`;
  return `This process may have ${only} open at a time, connections among them, and needs more. Raise the limit to ${wanted}: "ulimit -n ${wanted}" in the shell that starts it, LimitNOFILE=${wanted} in a systemd unit, or --ulimit nofile=${wanted} for a container.`;
}

/**
 * Returns what to do if a started process ended by itself; `how` says in a few words how it ended. Undefined if the
 * limit of open files was not the reason. If the limit is very low, we assume that it was the reason: such a process
 * can't even report its error.
 */
export function explainLostProcess(how: string, most = mostOpenFiles()): string | undefined {
  const isLow = most !== undefined && most < FEWEST_FILES;
  return isLow || isTooManyFiles(new Error(how)) ? tooManyFiles(most) : undefined;
}

/** Returns a warning if the limit is too low for a server; undefined if it is high enough. */
export function fewFiles(most = mostOpenFiles()): string | undefined {
  if (most === undefined || most >= ENOUGH_FILES / 4) return undefined;
  return `This process may have ${most} files open at a time. A server needs some dozens for its archive and its processes, and one for each connection: raise the limit to ${ENOUGH_FILES} ("ulimit -n ${ENOUGH_FILES}", LimitNOFILE= in a systemd unit, --ulimit nofile= for a container).`;
}
