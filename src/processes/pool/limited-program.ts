/** Limits of a process. */
export interface ProcessLimits {
  /**
   * The limit of its own data in bytes: V8's heap, stacks, and the memory that SQLite takes. Memory counts that V8
   * reserves as writable (a gigabyte in Node 24); address space that is only reserved does not. If undefined, data have
   * no limit.
   */
  dataBytes: number | undefined;
  /** The limit of V8's heap alone, in bytes. */
  heapBytes: number;
  /** The limit of processor time over its life. */
  cpuSeconds: number;
}

const SHELL = '/bin/sh';
const KIB = 1024;
const MIB = 1024 * 1024;

/**
 * Returns how to fork Node under limits: a shell sets them and becomes the program. No file may grow by a byte, so no
 * SQL can write anywhere, and no core file is left. A limit that the system does not know is left out. Windows has no
 * such shell and gets only the limit of the heap.
 */
export function limitedProgram({ dataBytes, heapBytes, cpuSeconds }: ProcessLimits, execArgv: readonly string[]) {
  const nodeArgv = [...execArgv, `--max-old-space-size=${Math.floor(heapBytes / MIB)}`];
  if (process.platform === 'win32') return { execArgv: nodeArgv };
  const limits = [`-t ${cpuSeconds}`, '-f 0', '-c 0'];
  if (dataBytes !== undefined) limits.push(`-d ${Math.ceil(dataBytes / KIB)}`);
  const script = `${limits.map((limit) => `ulimit ${limit} 2>/dev/null || :`).join('; ')}; exec "$0" "$@"`;
  return { execPath: SHELL, execArgv: ['-c', script, process.execPath, ...nodeArgv] };
}
