/** The ledger shows what became of everything that was received, down to the bytes. */
import { expect, test } from '@playwright/test';
import { join } from 'node:path';
import { collectorAddress } from '../support/collector-address.ts';
import { launchApp } from '../support/launch-app.ts';

const SPAN = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: '00000000000000a0',
  name: 'invoke_agent Planner',
  startTimeUnixNano: '1000000000',
  endTimeUnixNano: '2000000000',
};

test('an orphan and a dropped item are counted, listed and shown as received', async () => {
  const { page, close } = await launchApp();
  try {
    const address = await collectorAddress(page);
    const orphan = { ...SPAN, spanId: '00000000000000b1', parentSpanId: '00000000000000ff', name: 'lost child' };
    const spans = [SPAN, orphan, { ...SPAN, spanId: '', name: 'no id' }];
    const response = await fetch(`${address}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceSpans: [{ resource: {}, scopeSpans: [{ scope: { name: 'x' }, spans }] }] }),
    });
    expect(response.status).toBe(200);

    await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Ledger' }).click();
    const counts = page.getByRole('list', { name: 'Counts' });
    await expect(counts.getByRole('button', { name: /^orphaned/ })).toContainText('1');
    await expect(counts.getByRole('button', { name: /^dropped/ })).toContainText('1');
    await counts.getByRole('button', { name: /^orphaned/ }).click();
    await page.getByRole('option').filter({ hasText: 'lost child' }).click();
    const item = page.getByRole('complementary', { name: 'What was received' });
    await expect(item).toContainText('00000000000000ff');
    await shoot('ledger');
    await item.getByRole('button', { name: 'Open in its trace' }).click();
    await expect(page.getByRole('tree', { name: 'Spans of the trace' })).toBeVisible();
  } finally {
    await close();
  }

  async function shoot(name: string): Promise<void> {
    const folder = process.env.TRACEWRIGHT_IMAGES;
    if (folder === undefined) return;
    for (const theme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      await page.screenshot({ path: join(folder, `${name}-${theme}.png`) });
    }
  }
});
