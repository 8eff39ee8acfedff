import type { Page } from 'playwright-core';

/** The page of SQL with its editor. */
export interface Workbench {
  page: Page;
  /** Replaces the question in the editor by this SQL. */
  type(sql: string): Promise<void>;
  /** Types a question, and runs it. */
  ask(sql: string): Promise<void>;
  /** The texts of the rows, cell by cell. */
  rows(): Promise<string[][]>;
  question(): Promise<string>;
}

/** Opens the page of SQL in a tab, with the parameters of its address. */
export async function openWorkbench(page: Page, path = '/sql'): Promise<Workbench> {
  await page.goto(path);
  await page.locator('.cm-editor').waitFor();
  const editor = page.getByRole('textbox', { name: /Question/ });
  const type = async (sql: string) => {
    await editor.click();
    await page.keyboard.press('Control+a');
    // The text is entered as a whole: another test covers brackets that the editor closes, and completion.
    await page.keyboard.insertText(sql);
  };
  return {
    ...{ page, type },
    async ask(sql) {
      await type(sql);
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await page.locator('.progress [role=status]', { hasText: /rows? in|No answer/ }).waitFor();
    },
    rows: () =>
      page.evaluate<string[][]>(
        `[...document.querySelectorAll('[data-grid] tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent))`,
      ),
    question: async () => (await editor.locator('.cm-line').allTextContents()).join('\n'),
  };
}
