export interface Tool {
  name: string;
  /** The program, or the folder of schemas. */
  path: string;
  /** The file or folder that must exist before it can be installed. */
  needs: string;
  /** What its tests are about. */
  tests: string;
}

export const KUBERNETES: string[];
export const HELM: Tool;
export const KUBECONFORM: Tool;
export const SCHEMAS: Tool;
/** Its `path` is a folder of Python packages. */
export const MOTO: Tool;
/** The packages that benchmarks run; each `path` is a folder of Python packages. */
export const DATASETTE: Tool;
export const AWS_CLI_1: Tool;
export const SQLITE_UTILS: Tool;
export const TOOLS: Tool[];
/** Each `path` is a folder of Python packages. */
export const CHDB: Tool;
export const PYSPARK: Tool;
export const PYICEBERG: Tool;
export const ENGINES: Tool[];
/** Its `path` is a folder with the server's libraries and plugins. */
export const TRINO: Tool;
export function installTools(tools: readonly Tool[]): Promise<void>;
