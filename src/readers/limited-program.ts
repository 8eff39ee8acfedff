/** Ceilings of a process. */
export interface ReaderLimits {
  /** Of its own data: heap, stacks and whatever SQLite takes. Address space that is only reserved does not count. */
  dataBytes: number;
  /** Of processor time, over its life. */
  cpuSeconds: number;
}

const SHELL = '/bin/sh';
const KIB = 1024;

/**
 * How to fork Node under ceilings: a shell sets them and becomes the program. No file may grow by a byte, so that nothing
 * that SQL can say writes anywhere, and no core is left. A system that knows a limit not is passed over; one without a
 * shell has none.
 */
export function limitedProgram({ dataBytes, cpuSeconds }: ReaderLimits, execArgv: readonly string[]) {
  if (process.platform === 'win32') return { execArgv: [...execArgv] };
  const limits = [`-d ${Math.ceil(dataBytes / KIB)}`, `-t ${cpuSeconds}`, '-f 0', '-c 0'];
  const script = `${limits.map((limit) => `ulimit ${limit} 2>/dev/null || :`).join('; ')}; exec "$0" "$@"`;
  return { execPath: SHELL, execArgv: ['-c', script, process.execPath, ...execArgv] };
}
