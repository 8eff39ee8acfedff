import type { apiTrial } from '../api/api-trial.ts';
import { readPage } from './read-page.ts';

type Trial = Pick<ReturnType<typeof apiTrial>, 'app'>;

/**
 * Returns a page of the console as HTML. Expects the status `status`, and checks the page against its content security
 * policy.
 */
export function page(trial: Trial, path: string, status = 200, init: RequestInit = {}): Promise<string> {
  return readPage(trial, path, { status, ...init });
}

/** How many rows the first table of a page has. */
export const rows = (html: string) => html.split('<tbody>')[1]?.split('</tbody>')[0]?.match(/<tr\b/g)?.length ?? 0;

/** The text of a page without its markup. */
export const textOfHtml = (html: string) =>
  html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ');
