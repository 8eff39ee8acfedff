import { z } from 'zod';
import { pagePath } from './draw-questions.ts';
import { fetchJson } from './fetch-json.ts';

const Page = z.object({ nextCursor: z.string().optional() });
const PAGE = 50;
const LARGEST = 1000;

/**
 * Returns the cursors of this many consecutive pages of fifty, `depth` pages from the beginning; '' is the first page.
 * Goes to that depth in larger pages, because a cursor does not depend on the size of its page.
 */
export async function walkTo(
  url: string,
  parameters: Record<string, string>,
  depth: number,
  pages: number,
): Promise<string[]> {
  const next = async (cursor: string, limit: number) => {
    const path = pagePath({ ...parameters, limit: String(limit), ...(cursor !== '' && { cursor }) });
    const { nextCursor } = Page.parse(await fetchJson(url + path));
    if (nextCursor === undefined) throw new Error(`The list ends before page ${depth + pages}.`);
    return nextCursor;
  };
  let cursor = '';
  for (let left = depth * PAGE; left > 0; left -= LARGEST) cursor = await next(cursor, Math.min(left, LARGEST));
  const cursors: string[] = [];
  while (cursors.length < pages) {
    cursors.push(cursor);
    cursor = await next(cursor, PAGE);
  }
  return cursors;
}
