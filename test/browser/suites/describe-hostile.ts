import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BrowserTrial } from '../browser-trial.ts';
import { CONSOLE_PAGES } from '../console-pages.ts';
import { createVisitor, type Visitor } from '../create-visitor.ts';

/** What the archive's texts did to the page, if it treated any of them as more than text. */
interface Traces {
  hacked: unknown;
  elements: string[];
  links: string[];
  text: string;
}

const TRACES = `(() => {
  const html = (elements) => [...elements].map((element) => element.outerHTML.slice(0, 200));
  return {
    hacked: window.hacked ?? null,
    elements: html(document.querySelectorAll('[data-hostile], [onfocus], [onerror], [onload], [srcdoc], iframe, img, base')),
    links: html([...document.links].filter(({ origin }) => origin !== location.origin)),
    text: document.body.innerText + document.title,
  };
})()`;

/** Tests the pages of an archive in which every text is an attack. */
export function describeHostile(trial: BrowserTrial): void {
  let visitor: Visitor;
  beforeAll(async () => {
    visitor = await createVisitor(trial.browser, trial.hostile);
  });
  afterAll(() => visitor?.leave());

  describe('an archive in which every text is an attack', () => {
    it.each(CONSOLE_PAGES)('is shown as text only, and none of it runs: $name', async (one) => {
      const path = await visitor.visit(one);
      const { text, ...traces } = await visitor.page.evaluate<Traces>(TRACES);
      expect(traces).toEqual({ hacked: null, elements: [], links: [] });
      expect(await visitor.complaints()).toEqual([]);
      expect(visitor.page.url()).toBe(new URL(path, trial.hostile.url).href);
      expect(visitor.requests().filter((url) => !url.startsWith(`${trial.hostile.url}/`))).toEqual([]);
      // Also, no part of the text is invisible.
      for (const unseen of ['\u0000', '\u001b', '\u202e', '\u2028']) expect(text).not.toContain(unseen);
      if (!one.isBare) expect(text).toContain('<b data-hostile>');
    });
  });
}
