import type { Page } from 'playwright-core';

/** The texts of the column with this name, row by row. */
export async function columnOf(page: Page, name: string): Promise<string[]> {
  const names = await page.locator('thead th').allTextContents();
  return page.locator(`tbody tr td:nth-child(${names.indexOf(name) + 1})`).allTextContents();
}
