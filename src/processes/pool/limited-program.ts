/** Limits of a process. */
export interface ProcessLimits {
  /**
   * The limit of the process's own data in bytes: V8's heap, stacks, and the memory that SQLite takes. Memory that V8
   * reserves as writable (a gigabyte in Node 24) counts too; address space that is only reserved does not. If
   * undefined, data have no limit.
   */
  dataBytes: number | undefined;
  /** The limit of V8's heap alone, in bytes. */
  heapBytes: number;
  /** The limit of the processor time that the process may use in all. */
  cpuSeconds: number;
}

const SHELL = '/bin/sh';
const KIB = 1024;
const MIB = 1024 * 1024;

/**
 * Returns how to start Node under limits: a shell sets them and then becomes Node. Files may not grow by a byte, so SQL
 * can't write anywhere and a crash leaves no core file. Limits that the system does not know are left out. Windows has
 * no such shell, so only the heap is limited there.
 */
export function limitedProgram({ dataBytes, heapBytes, cpuSeconds }: ProcessLimits, execArgv: readonly string[]) {
  const nodeArgv = [...execArgv, `--max-old-space-size=${Math.floor(heapBytes / MIB)}`];
  if (process.platform === 'win32') return { execArgv: nodeArgv };
  const limits = [`-t ${cpuSeconds}`, '-f 0', '-c 0'];
  if (dataBytes !== undefined) limits.push(`-d ${Math.ceil(dataBytes / KIB)}`);
  const script = `${limits.map((limit) => `ulimit ${limit} 2>/dev/null || :`).join('; ')}; exec "$0" "$@"`;
  return { execPath: SHELL, execArgv: ['-c', script, process.execPath, ...nodeArgv] };
}
