/** Ceilings of a process. */
export interface ProcessLimits {
  /**
   * Of its own data, in bytes: V8's heap, stacks, and what SQLite takes. It counts what V8 reserves as writable, a
   * gigabyte in Node 24, but not address space that is only reserved. Undefined sets no such ceiling.
   */
  dataBytes: number | undefined;
  /** Of V8's heap alone, in bytes. */
  heapBytes: number;
  /** Of processor time, over its life. */
  cpuSeconds: number;
}

const SHELL = '/bin/sh';
const KIB = 1024;
const MIB = 1024 * 1024;

/**
 * How to fork Node under ceilings: a shell sets them and becomes the program. No file may grow by a byte, so that nothing
 * that SQL can say writes anywhere, and no core file is left. A system that does not know a limit is left without it, and
 * Windows, which has no such shell, has the ceiling of the heap alone.
 */
export function limitedProgram({ dataBytes, heapBytes, cpuSeconds }: ProcessLimits, execArgv: readonly string[]) {
  const nodeArgv = [...execArgv, `--max-old-space-size=${Math.floor(heapBytes / MIB)}`];
  if (process.platform === 'win32') return { execArgv: nodeArgv };
  const limits = [`-t ${cpuSeconds}`, '-f 0', '-c 0'];
  if (dataBytes !== undefined) limits.push(`-d ${Math.ceil(dataBytes / KIB)}`);
  const script = `${limits.map((limit) => `ulimit ${limit} 2>/dev/null || :`).join('; ')}; exec "$0" "$@"`;
  return { execPath: SHELL, execArgv: ['-c', script, process.execPath, ...nodeArgv] };
}
