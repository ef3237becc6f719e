/** Conversations of many trace ids: listed, drawn on one time line, walked trace by trace, and read as one. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { join } from 'node:path';
import { geminiConversation } from '../support/gemini-conversation.ts';
import { collectorAddress } from '../support/collector-address.ts';
import { launchApp, type LaunchedApp } from '../support/launch-app.ts';
import { loadOtlpFixture } from '../support/otlp.ts';

test.describe.configure({ mode: 'serial' });

const GEMINI = 'gemini-conversation-1';
const QUESTION = 'Which files of this project are never imported?';

let launched: LaunchedApp;
let collector: string;

test.beforeAll(async () => {
  launched = await launchApp();
  collector = await collectorAddress(launched.page);
});
test.afterAll(() => launched.close());

test('without a session, the view says how sessions come about', async () => {
  const { page } = launched;
  await page.keyboard.press('Control+2');
  await expect(page.getByRole('heading', { name: 'No sessions yet' })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('gen_ai.conversation.id');
});

test('six traces of a Gemini conversation arrive one by one as one session', async () => {
  const { page } = launched;
  const [first, ...others] = geminiConversation({ startNs: BigInt(Date.now() - 4_000_000) * 1_000_000n });
  await send(JSON.stringify(first));
  const row = page.getByRole('option').filter({ hasText: GEMINI });
  await expect(row).toContainText(QUESTION);
  await expect(row).toContainText('1 trace');
  for (const body of others) await send(JSON.stringify(body));
  await expect(row).toContainText('6 traces');
  const timeline = page.getByRole('listbox', { name: 'Traces of the session' });
  await expect(timeline.getByRole('option')).toHaveCount(6);
  // The 47 minutes between the two questions are folded.
  await expect(timeline.getByText(/^47 min/)).toBeVisible();
});

test('the Codex capture is a session of its own; search finds each', async () => {
  const { page } = launched;
  for (const name of ['codex-json-1', 'codex-json-2'])
    await send(Buffer.from(loadOtlpFixture(name).bytes).toString('utf8'));
  const list = page.getByRole('listbox', { name: 'Sessions' });
  await expect(list.getByRole('option')).toHaveCount(2);
  await expect(list.getByRole('option').filter({ hasText: /codex/i })).toHaveCount(1);
  await page.keyboard.press('/');
  await page.keyboard.type('never imported');
  await expect(list.getByRole('option')).toHaveCount(1);
  await expect(list.getByRole('option')).toContainText(GEMINI);
  await page.keyboard.press('Escape');
  await expect(list.getByRole('option')).toHaveCount(2);
});

test('by keyboard: from the list to the time line, into a trace, along the session, and to the whole', async () => {
  const { page } = launched;
  await page.getByRole('option').filter({ hasText: GEMINI }).click();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(
    page
      .getByRole('banner')
      .or(page.getByLabel('Trace', { exact: true }))
      .first(),
  ).toBeVisible();
  const header = page.getByLabel('Trace', { exact: true });
  await expect(header).toContainText('trace 3 of 6');
  await page.keyboard.press('}');
  await expect(header).toContainText('trace 4 of 6');
  await page.keyboard.press('{');
  await expect(header).toContainText('trace 3 of 6');
  await page.keyboard.press('{');
  await expect(header).toContainText('trace 2 of 6');
  await expect(page.getByRole('treeitem')).toHaveCount(3);
  await page.keyboard.press('Shift+S');
  await expect(header).toContainText('whole session');
  await expect(header).toContainText('6 traces');
  await expect(page.getByRole('treeitem')).toHaveCount(9);
});

test('the whole session reads as one: graph, conversation without repeats, a span with its bytes', async () => {
  const { page } = launched;
  await expect(page.getByTestId('node:agent:gemini-cli')).toBeVisible();
  await shoot(page, 'session-whole');
  await page.getByRole('tab', { name: 'Conversation' }).click();
  const conversation = page.getByRole('tabpanel', { name: 'Conversation' });
  await expect(conversation.getByText(QUESTION)).toHaveCount(1);
  await expect(conversation.getByText('Delete it and run the tests.')).toHaveCount(1);
  await page
    .getByRole('treeitem')
    .filter({ hasText: 'run_shell_command' })
    .or(page.getByRole('treeitem').nth(7))
    .first()
    .click();
  await page.getByRole('tab', { name: 'Raw' }).click();
  await expect(page.getByRole('tabpanel', { name: 'Raw' })).toContainText('run_shell_command');
  await page.getByRole('button', { name: 'Back to Sessions' }).click();
  await expect(page.getByRole('listbox', { name: 'Traces of the session' })).toBeVisible();
  await shoot(page, 'sessions');
});

test('axe finds nothing serious, in both themes', async () => {
  const { page } = launched;
  const found: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    for (const { id, impact, nodes } of violations)
      if (impact === 'serious' || impact === 'critical')
        found.push(`${colorScheme}: ${id} ${nodes[0]?.target.join(' ')} ${nodes[0]?.failureSummary ?? ''}`);
  }
  expect(found).toEqual([]);
});

async function send(body: string): Promise<void> {
  const response = await fetch(`${collector}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  expect(response.status).toBe(200);
}

/** A picture per theme, for eyes. */
async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env.TRACEWRIGHT_IMAGES ?? join('test-results', 'images');
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await page.screenshot({ path: join(folder, `${name}-${theme}.png`) });
  }
}
