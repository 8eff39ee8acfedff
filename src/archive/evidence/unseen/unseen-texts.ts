import { visibleText } from '../../../lib/text/visible-text.ts';
import { FILTERS } from '../../../questions/filters.ts';
import type { PackUnseen } from '../evidence.ts';
import { shownLine } from '../shown-line.ts';

/**
 * What a pack says about values that the archive had never seen when the pack was made. The pack proves no absence for
 * such a value, because it may have been misspelt. Similar names are left out, because they would reveal names that
 * nobody asked for.
 */
export function unseenLines(neverSeen: readonly PackUnseen[]): string[] {
  return neverSeen.map(({ filter, parameter, value }) => {
    const name = parameter === undefined ? FILTERS[filter].label : `Parameter ${parameter} of the report`;
    return `${name} "${value}": the archive had never seen it when this pack was made. The pack has nothing for it, which proves nothing about any other name.`;
  });
}

export function unseenHtml(neverSeen: readonly PackUnseen[]): string {
  return unseenLines(neverSeen)
    .map((line) => `<p class="absence"><strong>${shownLine(line)}</strong></p>\n`)
    .join('');
}

/** These lines for VERIFY.md. They are indented, so Markdown shows them as plain text, whatever is in them. */
export function unseenMarkdown(neverSeen: readonly PackUnseen[]): string {
  return neverSeen.length === 0
    ? ''
    : `${unseenLines(neverSeen)
        .map((line) => `    ${visibleText(line)}\n`)
        .join('')}\n`;
}
