import type { Page } from 'playwright-core';

/** Drags the mouse over a chart, from inside one of its bars to inside another. Bars are numbered from 0. */
export async function drawOver(page: Page, first: number, last: number): Promise<void> {
  const plot = page.locator('.plot');
  const bars = await plot.locator('a').count();
  const box = await plot.boundingBox();
  if (!box || bars === 0) throw new Error('There is no chart.');
  const at = (bar: number) => [box.x + (box.width / bars) * (bar + 0.5), box.y + box.height / 2] as const;
  await page.mouse.move(...at(first));
  await page.mouse.down();
  await page.mouse.move(...at((first + last) / 2));
  await page.mouse.move(...at(last));
  await page.mouse.up();
}
