import { visibleText } from '../../lib/text/visible-text.ts';

/** Text for the page. Nothing that a command printed, and no name, can become markup or be invisible. */
export function shownLine(text: string): string {
  return visibleText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
