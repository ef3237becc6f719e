/** The sequence of a trace: repeats fold, the keyboard walks messages, and its selection is that of all panes. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { collectorAddress } from '../support/collector-address.ts';
import { launchApp, type LaunchedApp } from '../support/launch-app.ts';

// The trace of the first is that of the second.
test.describe.configure({ mode: 'serial' });

let launched: LaunchedApp;

test.beforeAll(async () => {
  launched = await launchApp();
});
test.afterAll(() => launched.close());

const TURNS = 2_500;
const START = Date.parse('2026-03-01T10:00:00.000Z');

function span(id: string, parent: string | null, from: number, to: number, data: object, error: object | null = null) {
  return {
    object: 'trace.span',
    id: `span_${id}`,
    trace_id: 'trace_sequence',
    parent_id: parent === null ? null : `span_${parent}`,
    started_at: new Date(START + from).toISOString(),
    ended_at: new Date(START + to).toISOString(),
    span_data: data,
    error,
  };
}

/** An agent that calls one tool again and again, hands off, and one that fails at another tool. */
function body(): string {
  const data: object[] = [{ object: 'trace', id: 'trace_sequence', workflow_name: 'Poller' }];
  const handoff = TURNS * 10 + 20;
  data.push(span('a', null, 0, handoff, { type: 'agent', name: 'Poller' }));
  for (let k = 0; k < TURNS; k++)
    data.push(
      span(`t${k}`, 'a', 10 + k * 10, 15 + k * 10, { type: 'function', name: 'poll', input: '{}', output: 'no' }),
    );
  data.push(span('h', 'a', handoff - 5, handoff - 5, { type: 'handoff', from_agent: 'Poller', to_agent: 'Closer' }));
  data.push(span('b', null, handoff + 4_000, handoff + 5_000, { type: 'agent', name: 'Closer' }));
  const failed = { message: 'refused', data: null };
  data.push(span('c', 'b', handoff + 4_100, handoff + 4_200, { type: 'function', name: 'close', input: '{}' }, failed));
  return JSON.stringify({ data });
}

test('repeats fold and unfold, the keyboard walks, the selection is shared, and axe is content', async () => {
  test.setTimeout(150_000);
  const { page } = launched;
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  const response = await fetch(`${await collectorAddress(page)}/v1/traces/ingest`, { method: 'POST', body: body() });
  expect(response.ok).toBe(true);
  await page.evaluate(() => {
    location.hash = '#/trace/trace_sequence?tab=sequence';
  });

  const list = page.getByRole('listbox', { name: `Sequence of ${TURNS * 2 + 4} messages` });
  await expect(list).toBeVisible({ timeout: 20_000 });
  await expect(list.getByRole('option')).toHaveCount(6);
  await expect(page.getByRole('button', { name: 'Tools 2' })).toHaveAttribute('aria-pressed', 'true');
  const fold = page.getByRole('button', { name: `Repeat ×${TURNS}` });
  await expect(fold).toHaveAttribute('aria-expanded', 'false');

  await list.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(list.getByRole('option', { selected: true })).toHaveAccessibleName(/Poller to poll, call/);
  await expect(page).toHaveURL(/span=span_t0/);
  await page.keyboard.press('ArrowRight');
  await expect(fold).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('End');
  await expect(list.getByRole('option', { selected: true })).toHaveAccessibleName(/close to Closer, result \(failed\)/);
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowLeft');
  await expect(list.getByRole('option')).toHaveCount(6);

  // A span in a turn that is folded away is brought to light.
  await page.evaluate(() => {
    location.hash = '#/trace/trace_sequence?tab=sequence&span=span_t1200';
  });
  await expect(page.getByTestId('message:span_t1200').first()).toBeInViewport();
  expect(await list.getByRole('option').count()).toBeLessThan(200);

  const slow = await page.evaluate(async () => {
    const element = document.querySelector('[data-testid=sequence]');
    /** Milliseconds: the median of frames in each of which it is scrolled this far. */
    async function median(count: number, pixels: number): Promise<number> {
      const frames: number[] = [];
      let before = performance.now();
      for (let k = 0; k < count; k++) {
        if (element) element.scrollTop += pixels;
        await new Promise((done) => requestAnimationFrame(done));
        frames.push(performance.now() - before);
        before = performance.now();
      }
      return frames.sort((a, b) => a - b)[Math.floor(count / 2)] ?? 0;
    }
    return { still: await median(30, 0), scrolled: await median(90, 180) };
  });
  console.log(
    `median frame, scrolling 5,000 messages: ${slow.scrolled.toFixed(1)} ms, still: ${slow.still.toFixed(1)} ms`,
  );
  // Machines that are busy, or draw without a graphics card, are slow; a list that draws all its rows is far slower.
  expect(slow.scrolled).toBeLessThan(100 + 3 * slow.still);

  await page
    .getByRole('button', { name: 'Fold repeats' })
    .or(page.getByRole('button', { name: 'Unfold repeats' }))
    .click();
  // Wherever one was in the long list, the short one is in sight.
  await expect(list.getByRole('option', { selected: true })).toBeInViewport();
  await page.getByRole('button', { name: 'Tools 2' }).click();
  await expect(list.getByRole('option', { selected: true })).toHaveAccessibleName(/^Poller to Poller, call: poll/);
  await page.getByRole('button', { name: 'Time', exact: true }).click();
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    expect(
      violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
    ).toEqual([]);
  }
  expect(errors).toEqual([]);
});

test('copies as Mermaid and as SVG', async () => {
  const { app, page } = launched;
  await page.getByRole('button', { name: 'Mermaid' }).click();
  await expect.poll(() => app.evaluate(({ clipboard }) => clipboard.readText())).toMatch(/^sequenceDiagram\n/);
  await page.getByRole('button', { name: 'SVG' }).click();
  await expect.poll(() => app.evaluate(({ clipboard }) => clipboard.readText())).toMatch(/^<svg [^]*<\/svg>\n$/);
});
