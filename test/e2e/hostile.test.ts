/** Trace content is hostile input: whatever it holds is shown as text and breaks nothing. */
import { expect, test } from '@playwright/test';
import { collectorAddress } from '../support/collector-address.ts';
import { launchApp, type LaunchedApp } from '../support/launch-app.ts';

const MARKUP = '<img src=x onerror="window.injected=1"><script>window.injected=1</script><b>bold</b>';
const MARKDOWN =
  '![beacon](https://tracker.example/pixel.png) [click](javascript:window.injected=1) <iframe src="https://tracker.example"></iframe>';
const CONTROL = 'nul:\0 ansi:\u001b[31mred\u001b[0m bidi:\u202Eevil\u202C';
const HUGE = `start-of-huge ${'0123456789 '.repeat(950_000)}`;

let launched: LaunchedApp;
let requests: string[];

test.beforeAll(async () => {
  launched = await launchApp();
  requests = [];
  launched.page.on('request', (request) => {
    if (!request.url().startsWith('app:') && !request.url().startsWith('data:') && !request.url().startsWith('blob:'))
      requests.push(request.url());
  });
});
test.afterAll(() => launched.close());

test('markup, scripts, Markdown beacons, control characters and 10 MB texts are shown as text', async () => {
  const { page } = launched;
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  const address = await collectorAddress(page);
  const texts = [MARKUP, MARKDOWN, CONTROL, HUGE];
  const data = [
    { object: 'trace', id: 'trace_hostile', workflow_name: MARKUP, group_id: MARKUP, metadata: { [MARKUP]: MARKUP } },
    span('root', null, { type: 'agent', name: MARKUP, tools: [MARKUP], handoffs: [MARKUP] }),
    ...texts.map((text, index) =>
      span(`g${index}`, 'root', {
        type: 'generation',
        model: `model-${index}`,
        input: [{ role: 'user', content: text }],
        output: [{ role: 'assistant', content: text }],
      }),
    ),
    span(
      'tool',
      'root',
      {
        type: 'function',
        name: `${MARKUP}💥${'x'.repeat(300)}`,
        input: JSON.stringify({ [MARKUP]: MARKDOWN }),
        output: MARKUP,
      },
      { message: MARKUP },
    ),
    span('handoff', 'root', { type: 'handoff', from_agent: MARKUP, to_agent: CONTROL }),
  ];
  const response = await fetch(`${address}/v1/traces/ingest`, { method: 'POST', body: JSON.stringify({ data }) });
  expect(response.status).toBe(204);

  await page.keyboard.press('Control+1');
  const row = page.getByRole('row').filter({ hasText: '<img src=x' });
  await expect(row).toBeVisible();
  await row.click();
  await page.keyboard.press('Enter');
  const tree = page.getByRole('tree', { name: 'Spans of the trace' });
  await expect(tree.getByRole('treeitem')).toHaveCount(data.length - 1);
  await expect(page.getByTestId('agent-graph')).toBeVisible();

  for (const item of await tree.getByRole('treeitem').all()) {
    await item.click();
    const inspector = page.getByRole('region', { name: 'Inspector' });
    await expect(inspector.locator('[data-source-span][aria-busy=false]')).toHaveCount(1);
    for (const tab of await inspector.getByRole('tab').all()) {
      if (await tab.isEnabled()) await tab.click();
    }
  }
  await page.getByRole('tab', { name: 'Conversation' }).click();
  await expect(page.getByTestId('conversation')).toContainText('<b>bold</b>');

  const state = await page.evaluate(() => ({
    injected: Reflect.has(window, 'injected'),
    images: [...document.querySelectorAll('img')]
      .map((image) => image.src)
      .filter((source) => !source.startsWith('app:') && !source.startsWith('data:')),
    frames: document.querySelectorAll('iframe').length,
    links: [...document.querySelectorAll('a')]
      .map((link) => link.href)
      .filter((href) => href.startsWith('javascript:')),
    // The 10 MB text is never in the page as a whole.
    characters: document.body.textContent.length,
  }));
  expect(state).toMatchObject({ injected: false, images: [], frames: 0, links: [] });
  expect(state.characters).toBeLessThan(1_000_000);
  expect({ errors, requests }).toEqual({ errors: [], requests: [] });
});

function span(id: string, parent: string | null, data: unknown, error: unknown = null): unknown {
  return {
    object: 'trace.span',
    id,
    trace_id: 'trace_hostile',
    parent_id: parent,
    started_at: '2026-11-21T19:19:50.422Z',
    ended_at: '2026-11-21T19:19:51.422Z',
    span_data: data,
    error,
  };
}
