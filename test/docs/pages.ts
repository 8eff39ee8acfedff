import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A page of the documentation: README.md, or one below docs/. */
export interface DocsPage {
  /** From the repository's root, such as `docs/sql.md`. */
  path: string;
  text: string;
}

/** README.md and every page below docs/, decisions included, in the order of their paths. */
export function docsPages(): DocsPage[] {
  const below = readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name).replaceAll('\\', '/'));
  return ['README.md', ...below.sort()].map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

const FENCE = /^\s*(`{3,}|~{3,})/;

/** Calls `each` for every line outside of blocks of code, with its number, counted from 1. */
export function eachLineOfProse(text: string, each: (line: string, number: number) => void): void {
  let fence: string | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const [, mark] = FENCE.exec(line) ?? [];
    if (fence !== undefined) {
      if (mark?.startsWith(fence)) fence = undefined;
    } else if (mark !== undefined) fence = mark;
    else each(line, index + 1);
  }
}

/** A page's text with its blocks of code blanked, so that everything else stays on its line. */
export function proseOf(text: string): string {
  const lines = text.split('\n').map(() => '');
  eachLineOfProse(text, (line, number) => {
    lines[number - 1] = line;
  });
  return lines.join('\n');
}

/** The number of the line, counted from 1, on which a place in a text is. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
