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
export const TOOLS: Tool[];
export function installTools(): Promise<void>;
