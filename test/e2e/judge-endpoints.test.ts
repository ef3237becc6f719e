/** Judge endpoints in Settings: added, tested, asked once before anything goes elsewhere, and everything sent is listed. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { launchApp, type LaunchedApp } from '../support/launch-app.ts';
import type { JudgeServer } from '../support/scripted-judge.ts';
import { json, listenAsJudge } from '../support/scripted-judge.ts';

let launched: LaunchedApp;
let server: JudgeServer;

test.beforeAll(async () => {
  server = await listenAsJudge(
    json({ data: [{ id: 'llama-3.1-8b' }, { id: 'nomic-embed-text' }, { id: 'qwen3:14b' }] }),
  );
  launched = await launchApp();
  await launched.page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Settings' }).click();
});
test.afterAll(async () => {
  await launched.close();
  await server.close();
});

function section(page: Page): Locator {
  return page.getByRole('region', { name: 'Judge endpoints' });
}

test('an endpoint on this computer is added and tested, and its model chosen', async () => {
  const { page } = launched;
  await section(page).getByRole('button', { name: 'New endpoint…' }).click();
  const dialog = page.getByRole('dialog', { name: 'New judge endpoint' });
  await dialog.getByRole('button', { name: 'Ollama' }).click();
  await dialog.getByLabel('Address').fill('nonsense');
  await expect(dialog.getByText('The address must be a URL')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Save endpoint' })).toBeDisabled();
  await dialog.getByLabel('Address').fill(server.baseUrl);
  await dialog.getByLabel('Key', { exact: true }).fill('sk-secret-of-the-test');
  await page.screenshot({ path: test.info().outputPath('dialog.png') });
  await dialog.getByRole('button', { name: 'Save endpoint' }).click();
  await expect(dialog).toBeHidden();

  const row = section(page).getByRole('listitem', { name: 'Ollama' });
  await expect(row.getByText('It answers, and has 3 models.')).toBeVisible();
  await row.getByRole('button', { name: 'qwen3:14b' }).click();
  await expect(row.getByRole('button', { name: 'qwen3:14b' })).toHaveAttribute('aria-pressed', 'true');
  await expect(row.getByText('default', { exact: true })).toBeVisible();
  await expect(row).toContainText(/key (?:until the app is closed|in the system keychain)/);
  expect(server.asked[0]?.headers.authorization).toBe('Bearer sk-secret-of-the-test');
  await section(page)
    .getByRole('button', { name: /^1 request sent/ })
    .click();
  await expect(section(page).getByRole('row', { name: new RegExp(new URL(server.baseUrl).host) })).toContainText(
    'List of models',
  );
});

test('another computer is asked about once, and gets nothing before', async () => {
  const { page } = launched;
  await section(page).getByRole('button', { name: 'New endpoint…' }).click();
  const dialog = page.getByRole('dialog', { name: 'New judge endpoint' });
  await dialog.getByRole('button', { name: 'Ollama' }).click();
  await dialog.getByLabel('Name', { exact: true }).fill('Far away');
  // No such host: should a request go out, it gets nowhere.
  await dialog.getByLabel('Address').fill('http://judge.invalid/v1');
  await dialog.getByRole('button', { name: 'Save endpoint' }).click();
  await expect(page.getByText('nothing has left this computer')).toBeVisible();
  const confirm = page.getByRole('dialog', { name: 'Send traces to judge.invalid?' });
  await expect(confirm).toContainText('others on the way can read');
  await page.screenshot({ path: test.info().outputPath('confirm.png') });
  await confirm.getByRole('button', { name: 'Not now' }).click();
  const row = section(page).getByRole('listitem', { name: 'Far away' });
  await expect(row.getByText('not allowed yet')).toBeVisible();
  await expect(section(page).getByRole('button', { name: /^1 request sent/ })).toBeVisible();

  await row.getByRole('button', { name: 'Allow judge.invalid…' }).click();
  await confirm.getByRole('button', { name: 'Allow judge.invalid' }).click();
  await expect(row.getByText('another computer')).toBeVisible();
  await expect(row.getByRole('status')).toContainText(/host|name/);
  await expect(section(page).getByRole('button', { name: /^2 requests sent/ })).toBeVisible();
  await expect(page.getByText('1 request sent to other computers')).toBeVisible();
  await row.getByRole('button', { name: 'Make Far away the default' }).click();
  await expect(row.getByText('default', { exact: true })).toBeVisible();
});

test('it looks right in both themes, and everyone can use it', async () => {
  const { page } = launched;
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await section(page).scrollIntoViewIfNeeded();
    await section(page).screenshot({ path: test.info().outputPath(`${theme}.png`) });
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  }
});

test('one that is removed comes back with undo', async () => {
  const { page } = launched;
  await section(page).getByRole('button', { name: 'Remove Far away' }).click();
  await expect(section(page).getByRole('listitem', { name: 'Far away' })).toBeHidden();
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(section(page).getByRole('listitem', { name: 'Far away' })).toBeVisible();
});
