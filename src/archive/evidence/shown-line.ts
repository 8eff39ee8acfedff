import { visibleText } from '../../lib/text/visible-text.ts';

/** Nothing of what a command printed, or was named, becomes markup, and nothing of it is invisible. */
export function shownLine(text: string): string {
  return visibleText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
