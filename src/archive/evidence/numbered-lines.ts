import { shownLine } from './shown-line.ts';

/** The reader's program numbers the lines, so that a number is never part of the text. Tabs are layout. */
export function numberedLines(text: string): string {
  const lines = text.replace(/\n$/, '').split('\n');
  const shown = lines.map((line) => line.split('\t').map(shownLine).join('\t'));
  return `<ol class="lines">${shown.map((line) => `<li>${line}</li>`).join('')}</ol>`;
}
