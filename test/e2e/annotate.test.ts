/** Annotations made from every picture by key and mouse, shown in the others, edited, taken back, with their history. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { launchApp, type LaunchedApp } from '../support/launch-app.ts';

const root = resolve(import.meta.dirname, '../..');
const FACTORY = 'trace_7f7b0d6bfb56495cb31baf2aafce9c83';
/** Where to leave pictures to look at. */
const pictures = process.env.TRACEWRIGHT_PICTURES;
let folder: string;
let launched: LaunchedApp;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  test.setTimeout(120_000);
  folder = mkdtempSync(join(tmpdir(), 'tracewright-annotate-'));
  const workspace = join(folder, 'test.tracewright');
  const fixtures = join(root, 'test/fixtures/formats');
  const files = ['agents-sdk/js03-multi-agent/input.json', 'who-and-when/hand-crafted-22/input.json.gz'];
  const command = [join(root, 'bin/tracewright'), 'import', '--workspace', workspace];
  execFileSync(process.execPath, [...command, ...files.map((file) => join(fixtures, file))], { stdio: 'pipe' });
  const merged = join(folder, 'merged.annotations.jsonl');
  writeFileSync(merged, ['Ann', 'Ben'].map(wording).join(''));
  execFileSync(process.execPath, [...command, merged], { stdio: 'pipe' });
  launched = await launchApp({ args: ['--workspace', workspace] });
});
test.afterAll(async () => {
  await launched.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What two people said of one annotation, each without having seen the other's. */
function wording(author: string, at: number): string {
  const none = { taxonomy: null, category: null, severity: null, score: null, passed: null };
  const rest = { agent: null, isRootCause: false, evidenceSpanId: null, correction: null, answers: null };
  const note = `${author} says so.`;
  const state = {
    place: { kind: 'trace' },
    kind: 'note',
    note,
    tags: [],
    preference: null,
    extra: {},
    ...none,
    ...rest,
  };
  const revision = {
    traceId: FACTORY,
    annotationId: 'both',
    parents: [],
    author,
    madeAt: 1_700_000_000_000 + at,
    state,
  };
  return `${JSON.stringify({ tracewright: 1, type: 'revision', ...revision })}\n`;
}

async function open(page: Page, tab: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#/trace/${FACTORY}?tab=${tab}`);
  await expect(page.getByRole('tree', { name: 'Spans of the trace' })).toBeVisible({ timeout: 20_000 });
}

async function expectNothingSerious(page: Page, name: string, within = 'body'): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.screenshot({ path: join(pictures ?? test.info().outputDir, `annotate-${name}-${colorScheme}.png`) });
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).include(within).analyze();
    expect(
      violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${name}, ${colorScheme}: ${id}: ${nodes.map(({ html }) => html).join(' ')}`),
    ).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'no-preference' });
}

function form(page: Page): Locator {
  return page.getByTestId('annotate');
}

function items(page: Page): Locator {
  return page.getByTestId('annotations').getByRole('listitem');
}

/** Waits until the form has taken the keys; after a note it begins in the text, which Esc leaves. */
async function formOpens(page: Page): Promise<void> {
  await expect(form(page).locator('section:focus, textarea:focus')).toHaveCount(1);
  if ((await form(page).locator('textarea:focus').count()) === 0) return;
  await page.keyboard.press('Escape');
  await expect(form(page).locator('section:focus')).toHaveCount(1);
}

async function save(page: Page): Promise<void> {
  await page.keyboard.press('Enter');
  await expect(form(page)).toHaveCount(0);
}

test('a span: labels, verdict and note by key, shown where the span is', async () => {
  test.setTimeout(180_000);
  const { page } = launched;
  await open(page, 'graph');
  const tree = page.getByRole('tree', { name: 'Spans of the trace' });
  await tree.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  const row = tree.locator('[aria-selected=true]');
  await expect(row).not.toHaveAttribute('aria-label', /annotation/);

  // A label: open, choose, save.
  await page.keyboard.press('l');
  await formOpens(page);
  await page.keyboard.press('c');
  await expect(form(page).getByRole('group', { name: 'Labels' })).toBeVisible();
  await page.keyboard.press('1');
  await page.keyboard.press('3');
  await page.keyboard.press('s');
  await page.keyboard.press('s');
  await page.keyboard.press('w');
  await page.keyboard.type('It never asked which factory.');
  await expectNothingSerious(page, 'form');
  await save(page);
  await expect(row).toHaveAttribute('aria-label', /2 annotations/);
  await expect(tree).toBeFocused();
  await expect(items(page)).toHaveCount(2);
  await expect(items(page).first()).toContainText('medium');
  await expect(items(page).first()).toContainText('It never asked which factory.');

  // A verdict.
  await page.keyboard.press('l');
  await formOpens(page);
  await page.keyboard.press('p');
  await page.keyboard.press('2');
  await save(page);
  await expect(items(page)).toHaveCount(3);
  await expect(items(page).last()).toContainText('failed');

  // Taken back, and done again.
  await page.keyboard.press('Control+z');
  await expect(items(page)).toHaveCount(2);
  await page.keyboard.press('Control+Shift+z');
  await expect(items(page)).toHaveCount(3);

  // One act of several labels is taken back as one.
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await expect(page.getByTestId('annotations')).toHaveCount(0);
  await page.keyboard.press('Control+Shift+z');
  await expect(items(page)).toHaveCount(2);

  // Shown in the graph, the log, the lanes, the flame chart, the conversation and the sequence.
  await expect(page.getByTestId('agent-graph').locator('[data-note]').first()).toBeAttached();
  for (const tab of ['sequence', 'lanes', 'flame'] as const) {
    await page.evaluate((next) => {
      location.hash = location.hash.replace(/tab=\w+/, `tab=${next}`);
    }, tab);
    await expect(page.getByLabel('Pictures of the trace').locator('[data-note]').first()).toBeAttached();
  }
});

test('an annotation is edited, and its history brings back what it said', async () => {
  const { page } = launched;
  const first = items(page).first();
  await first.getByRole('button', { name: 'Edit this annotation' }).click();
  await formOpens(page);
  await page.keyboard.press('w');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('It asked too late.');
  await save(page);
  await expect(first).toContainText('It asked too late.');
  await expect(first).toContainText('edited');
  await first.getByRole('button', { name: 'History' }).click();
  const history = page.getByRole('dialog', { name: 'History of this annotation' });
  await expect(history.getByRole('listitem').first()).toContainText('It asked too late.');
  await expectNothingSerious(page, 'history');
  await history.getByRole('button', { name: 'Restore' }).first().click();
  await page.keyboard.press('Escape');
  await expect(first).toContainText('It never asked which factory.');
  await first.getByRole('button', { name: 'Remove this annotation' }).click();
  await expect(items(page)).toHaveCount(1);
  await page.getByRole('region', { name: 'Notices' }).getByRole('button', { name: 'Undo' }).click();
  await expect(items(page)).toHaveCount(2);
});

test('an edge and an agent, from the graph', async () => {
  const { page } = launched;
  await open(page, 'graph');
  const graph = page.getByTestId('agent-graph');
  await expect(graph).toBeVisible();
  const edge = graph.locator('[data-testid^="edge:"][data-testid$=":handoff"]').first();
  const key = (await edge.getAttribute('data-place')) ?? '';
  await edge.focus();
  await page.keyboard.press('l');
  await formOpens(page);
  await expect(form(page)).toContainText('Handoff');
  await page.keyboard.press('n');
  await page.keyboard.type('Handed off without the order number.');
  await save(page);
  await expect(graph.locator(`g[data-place="${key}"] [data-note]`)).toBeAttached();
  await edge.press('Enter');
  await expect(items(page)).toContainText(['Handed off without the order number.']);

  const node = graph.locator('[data-testid^="node:agent:"]').nth(1);
  const agent = ((await node.getAttribute('data-testid')) ?? '').replace('node:agent:', '');
  await node.click({ button: 'right' });
  await page.getByRole('menuitem', { name: `Annotate agent ${agent}`, exact: false }).click();
  await formOpens(page);
  await page.keyboard.press('p');
  await page.keyboard.press('2');
  await save(page);
  await expect(node.locator('[data-note]')).toBeAttached();
  await expectNothingSerious(page, 'graph');
});

test('one message of the sequence, and a step that is missing', async () => {
  const { page } = launched;
  await open(page, 'sequence');
  const list = page.getByRole('listbox', { name: /^Sequence of/ });
  await list.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('l');
  await formOpens(page);
  await expect(form(page).getByRole('combobox').first()).toContainText('One crossing of');
  await page.keyboard.press('p');
  await page.keyboard.press('2');
  await save(page);
  await expect(list.locator('[aria-selected=true]')).toHaveAttribute('aria-label', /annotation/);

  // Another target of the same form: what is missing after it.
  const tree = page.getByRole('tree', { name: 'Spans of the trace' });
  await tree.focus();
  await page.keyboard.press('l');
  await formOpens(page);
  await page.keyboard.press('t');
  await expect(form(page).getByText('Who should have acted')).toBeVisible();
  // Mostly somebody who never did.
  await form(page).getByRole('combobox', { name: 'Who should have acted' }).selectOption('another agent…');
  await expect(form(page).getByRole('textbox', { name: 'Name of the agent' })).toBeFocused();
  await page.keyboard.type('Factory Reviewer');
  await page.keyboard.press('Escape');
  await page.keyboard.press('n');
  await page.keyboard.type('This should have gone to somebody who checks.');
  await expectNothingSerious(page, 'absence');
  await save(page);
  await expect(items(page).filter({ hasText: 'Factory Reviewer should have acted' })).toHaveCount(1);

  // What was done is told beside the next form, not over its buttons.
  await page.keyboard.press('l');
  await formOpens(page);
  await form(page).getByRole('button', { name: 'Save' }).click({ trial: true, timeout: 2_000 });
  await page.keyboard.press('Escape');
  await expect(form(page)).toHaveCount(0);
});

test('a stretch of time, dragged over the lanes', async () => {
  const { page } = launched;
  await open(page, 'lanes');
  const lanes = page.getByTestId('lanes');
  await expect(lanes).toBeVisible();
  const box = (await lanes.locator('canvas').boundingBox())!;
  await page.keyboard.down('Shift');
  await page.mouse.move(box.x + box.width * 0.3, box.y + 12);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + 14, { steps: 4 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await formOpens(page);
  await page.keyboard.press('n');
  await page.keyboard.type('Nothing happens here.');
  await save(page);
  await expect(lanes.locator('[data-testid^="range:"]')).toHaveCount(1);
  await expectNothingSerious(page, 'lanes');
});

test('selected characters of a message, underlined wherever they are drawn', async () => {
  const { page } = launched;
  await open(page, 'conversation');
  const text = page
    .locator('[aria-label="Pictures of the trace"] [data-source-span] [data-content-key] .selectable')
    .first();
  await expect(text).toBeVisible();
  await text.evaluate((element) => {
    const node = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode() as Text;
    document.getSelection()?.setBaseAndExtent(node, 0, node, Math.min(12, node.data.length));
  });
  await expect(page.getByRole('button', { name: /^Annotate/ }).nth(1)).toBeVisible();
  await page.keyboard.press('l');
  await formOpens(page);
  await expect(form(page)).toContainText('“');
  await page.keyboard.press('n');
  await page.keyboard.type('Not what was asked.');
  await save(page);
  await expect(page.locator('[data-annotated-texts]')).toHaveAttribute('data-annotated-texts', /[1-9]/);
  await expectNothingSerious(page, 'text');
});

test('blame with one key each, a corrected output with its diff, all of it in the summary', async () => {
  const { page } = launched;
  await open(page, 'log');
  const tree = page.getByRole('tree', { name: 'Spans of the trace' });
  await tree.focus();
  await page.keyboard.press('Home');
  // To a span with an output.
  await tree
    .getByRole('treeitem', { name: /^Generation/ })
    .first()
    .click();
  await page.keyboard.press('b');
  await expect(page.getByText(/is blamed$/)).toBeVisible();
  await page.keyboard.press('Shift+D');
  await expect(items(page).filter({ hasText: 'Blames' })).toHaveCount(1);
  await page.keyboard.press('l');
  await formOpens(page);
  await page.keyboard.press('x');
  const field = form(page).getByLabel('The output, to be corrected');
  await expect(field).not.toHaveValue('');
  await field.focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(' And the order number.');
  await expect(form(page).locator('ins')).toContainText('And the order number.');
  await page.keyboard.press('Control+Enter');
  await expect(form(page)).toHaveCount(0);
  await expect(items(page).locator('ins')).toContainText(['And the order number.']);

  await page.getByRole('button', { name: /^\d+ annotations/ }).click();
  await expect(items(page)).toHaveCount(8);
  await page.getByRole('button', { name: /^\d+ more$/ }).click();
  await expect(items(page)).toHaveCount(11);
  await expectNothingSerious(page, 'summary');
  await tree.focus();
  await page.keyboard.press('m');
  await expect(tree.locator('[aria-selected=true]')).toHaveAttribute('aria-label', /annotation/);
});

test('a conflict shows both sides, and is decided', async () => {
  const { page } = launched;
  await open(page, 'graph');
  const chip = page.getByRole('button', { name: /annotations?, 1 in conflict$/ });
  await chip.click();
  await page.getByRole('button', { name: 'Two wordings: decide' }).click();
  const history = page.getByRole('dialog', { name: 'Said at the same time' });
  await expect(history.getByRole('listitem')).toHaveCount(2);
  await expectNothingSerious(page, 'conflict');
  await history
    .getByRole('listitem')
    .filter({ hasText: 'Ann says so.' })
    .getByRole('button', { name: 'Keep this' })
    .click();
  await expect(chip).toHaveCount(0);
  await expect(items(page).filter({ hasText: 'Ann says so.' })).toHaveCount(1);
});

test('the name of the reviewer, and a deletion that says what goes with it', async () => {
  const { page } = launched;
  await page.evaluate(() => {
    location.hash = '#/settings';
  });
  await page.getByLabel('Your name').fill('Ann Reviewer');
  await page.getByLabel('Your name').press('Enter');
  await expect(page.getByText('Your name in annotations is saved')).toBeVisible();
  await open(page, 'graph');
  await page.keyboard.press('Shift+T');
  await formOpens(page);
  await expect(form(page)).toContainText('as Ann Reviewer');
  await page.keyboard.press('Escape');
  await expect(form(page)).toHaveCount(0);
  await page.evaluate(() => {
    location.hash = '#/traces';
  });
  await expect(page.getByRole('grid').getByRole('gridcell').first()).toBeVisible();
  await page.getByRole('grid').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Control+a');
  await expect(page.getByRole('button', { name: 'Delete…' })).toBeVisible();
  await page.keyboard.press('Delete');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByTestId('annotations-lost')).toContainText(/annotations.* go with/);
  await expect(dialog.getByRole('button', { name: 'Export annotations first…' })).toBeVisible();
  // What is behind the dialog is veiled on purpose.
  await expectNothingSerious(page, 'delete', '[role=dialog]');
  await dialog.getByRole('button', { name: 'Keep' }).click();
});
