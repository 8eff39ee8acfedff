import { visibleText } from '../../lib/text/visible-text.ts';

/** Text for the page. Nothing in it can become markup or be invisible, whatever a command printed. */
export function shownLine(text: string): string {
  return visibleText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
