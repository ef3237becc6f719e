/**
 * The main job, by hand as far as a machine can: start the app, let a real agent program report to it, see the trace
 * arrive, open it, read what crossed a handoff, and find everything again after a restart.
 */
import { expect, test, type Page } from '@playwright/test';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { collectorAddress } from '../support/collector-address.ts';
import { launchApp, type LaunchedApp } from '../support/launch-app.ts';

const root = resolve(import.meta.dirname, '..', '..');
const SEVEN_AGENTS = [
  'Incident desk',
  'Commander',
  'Log analyst',
  'Change analyst',
  'Release engineer',
  'Verifier',
  'Reporter',
];
const HANDOFFS = [
  ['Incident desk', 'Commander'],
  ['Commander', 'Release engineer'],
  ['Release engineer', 'Verifier'],
  ['Verifier', 'Reporter'],
] as const;
const CALLS = [
  ['Commander', 'Log analyst'],
  ['Commander', 'Change analyst'],
] as const;

test.describe.configure({ mode: 'serial' });

let userData: string;
let launched: LaunchedApp;

test.beforeAll(async () => {
  userData = await mkdtemp(join(tmpdir(), 'tracewright-e2e-'));
  launched = await launchApp({ userData });
});
test.afterAll(async () => {
  await launched.close();
  await rm(userData, { recursive: true, force: true });
});

test('an empty workspace opens on Connect and waits for the first span', async () => {
  const { page } = launched;
  await expect(page.getByText(/waiting for the first span/i)).toBeVisible();
  await expect(page.getByRole('button', { name: /load sample traces/i })).toBeVisible();
  await shoot(page, 'connect');
});

test('a running agent program shows up live, and its trace opens', async () => {
  const { page } = launched;
  const demo = runDemo(await collectorAddress(page));
  await page.keyboard.press('Control+1');
  const row = page.getByRole('row').filter({ hasText: 'Checkout incident' });
  // Live: the row is there while the program still runs.
  await expect(row).toBeVisible({ timeout: 20_000 });
  expect(demo.running()).toBe(true);
  await demo.done;
  await expect(row).toContainText(/\d/);
  await shoot(page, 'traces');
  await row.click();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('tree', { name: 'Spans of the trace' })).toBeVisible();
});

test('the graph shows the seven agents and exactly the handoffs and calls of the program', async () => {
  const { page } = launched;
  await expect(page.getByTestId('agent-graph')).toBeVisible();
  for (const name of SEVEN_AGENTS) await expect(page.getByTestId(`node:agent:${name}`)).toBeVisible();
  for (const [from, to] of HANDOFFS)
    await expect(page.getByTestId(`edge:agent:${from}→agent:${to}:handoff`)).toBeAttached();
  for (const [from, to] of CALLS)
    await expect(page.getByTestId(`edge:agent:${from}→agent:${to}:agent_call`)).toBeAttached();
  const handoffs = await page
    .locator('[data-testid^="edge:"][data-testid$=":handoff"]')
    .evaluateAll((edges) => edges.map((edge) => edge.getAttribute('data-testid')));
  // The release may be verified more than once; nobody else hands off to anybody.
  const allowed = new Set(
    [...HANDOFFS, ['Verifier', 'Release engineer'] as const].map(
      ([from, to]) => `edge:agent:${from}→agent:${to}:handoff`,
    ),
  );
  expect(handoffs.filter((id) => !allowed.has(id ?? ''))).toEqual([]);
  await shoot(page, 'trace');
});

test('clicking an edge shows what crossed it', async () => {
  const { page } = launched;
  await page.getByTestId('edge-label:agent:Commander→agent:Release engineer:handoff').click();
  const inspector = page.getByRole('region', { name: 'Inspector' });
  await expect(inspector).toContainText('Commander');
  await expect(inspector).toContainText('Release engineer');
  await expect(inspector).toContainText(/handoff/i);
  // A sentence that the receiver was given.
  await expect(inspector).toContainText(/checkout/i);
  await shoot(page, 'edge');
});

test('the conversation reads in order, and a span shows its messages', async () => {
  const { page } = launched;
  await page.getByRole('tab', { name: 'Conversation' }).click();
  await expect(page.getByTestId('conversation')).toContainText('Incident desk');
  await shoot(page, 'conversation');
  const generation = page
    .getByRole('treeitem')
    .filter({ hasText: /scripted|gpt|model/i })
    .first();
  await generation.click();
  await expect(page.getByRole('region', { name: 'Inspector' })).toContainText(/generation/i);
  await shoot(page, 'inspector');
});

test('each picture of the trace tells of the same agents', async () => {
  const { page } = launched;
  for (const name of ['Sequence', 'Lanes', 'Flame', 'Log'] as const) {
    await page.getByRole('tab', { name, exact: true }).click();
    const panel = page.getByRole('tabpanel', { name, exact: true });
    await expect(panel).toContainText('Commander');
    await expect(panel).toContainText('Release engineer');
    await shoot(page, name.toLowerCase());
  }
  await page.getByRole('tab', { name: 'Graph', exact: true }).click();
  for (let step = 0; step < 8; step++) await page.keyboard.press('e');
  await expect(page.getByRole('slider', { name: /playback|moment|time/i })).toBeVisible();
  await shoot(page, 'playback');
  await page.keyboard.press('Escape');
});

test('after a restart everything is there again', async () => {
  await launched.close();
  launched = await launchApp({ userData });
  const { page } = launched;
  const row = page.getByRole('row').filter({ hasText: 'Checkout incident' });
  await expect(row).toBeVisible();
  await row.click();
  await page.keyboard.press('Enter');
  for (const name of SEVEN_AGENTS) await expect(page.getByTestId(`node:agent:${name}`)).toBeVisible();
});

type RunningDemo = { readonly done: Promise<void>; readonly running: () => boolean };

function runDemo(endpoint: string): RunningDemo {
  const demo = spawn(
    join(root, 'node_modules', '.bin', 'node'),
    [join(root, 'scripts', 'demo.mjs'), '--endpoint', endpoint, '--seconds', '8'],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [demo.stdout, demo.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  let running = true;
  const done = new Promise<void>((resolvePromise, reject) => {
    demo.once('close', (code) => {
      running = false;
      if (code === 0) resolvePromise();
      else reject(new Error(`the demo ended with ${code}: ${output}`));
    });
  });
  return { done, running: () => running };
}

/** A screenshot per theme. They stay in the test results; TRACEWRIGHT_IMAGES=docs/images keeps them where the README shows them. */
async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env.TRACEWRIGHT_IMAGES ?? join('test-results', 'images');
  for (const theme of ['dark', 'light'] as const) {
    await page.evaluate((wanted) => {
      (window as unknown as { tracewright: { setTheme: (theme: string) => void } }).tracewright.setTheme(wanted);
    }, theme);
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await page.screenshot({ path: join(root, folder, `${name}-${theme}.png`) });
  }
}
