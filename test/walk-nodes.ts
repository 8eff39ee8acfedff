import { parseAst } from 'vitest/node';

/** A node of a file's syntax tree. */
export interface Node {
  [member: string]: unknown;
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}

/** Parses a file's text and calls `each` for every node, parents first. `file` says whether the text may have JSX. */
export function walkNodes(source: string, file: string, each: (node: Node) => void): void {
  const walk = (node: unknown) => {
    if (!isNode(node)) return;
    each(node);
    for (const child of Object.values(node)) walk(child);
  };
  walk(parseAst(source, { lang: file.endsWith('x') ? 'tsx' : 'ts' }));
}
