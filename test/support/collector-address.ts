/** Where the launched app collects: `http://127.0.0.1:<port>`, as its top bar says once the engine has said so. */
import type { Page } from '@playwright/test';

export async function collectorAddress(page: Page): Promise<string> {
  // The snippets of Connect show the usual port until then.
  const text = await page
    .getByRole('banner')
    .getByText(/^127\.0\.0\.1:\d+$/)
    .textContent();
  return `http://${text ?? ''}`;
}
