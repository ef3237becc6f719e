/** A judge and code in the window: the endpoint set up, the cost before, verdicts with evidence; Python and JavaScript on the bench. */
import { expect, test, type Locator, type Page } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchApp, type LaunchedApp } from '../support/launch-app.ts';
import { serious, shoot } from '../support/look.ts';
import type { Asked, JudgeServer } from '../support/scripted-judge.ts';
import { allText, json, listenAsJudge, says } from '../support/scripted-judge.ts';

test.describe.configure({ mode: 'serial' });

let folder: string;
let launched: LaunchedApp;
let server: JudgeServer;

test.beforeAll(async () => {
  server = await listenAsJudge((asked, response) => {
    if (asked.path.endsWith('/models')) return json({ data: [{ id: 'qwen3:14b' }] })(asked, response);
    return says(verdictOn(asked))(asked, response);
  });
  folder = mkdtempSync(join(tmpdir(), 'tracewright-judge-'));
  launched = await launchApp({ userData: join(folder, 'app') });
  const { page } = launched;
  await page.getByRole('button', { name: /load sample traces/i }).click({ timeout: 30_000 });
  await expect(page).toHaveURL(/#\/trace\//, { timeout: 30_000 });
});
test.afterAll(async () => {
  await launched.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What the judge was asked for is in the schema of its answer; it names the first span that it was shown. */
function verdictOn(asked: Asked) {
  const format = asked.body?.response_format as {
    json_schema?: { schema?: { properties?: Record<string, { enum?: string[] }> } };
  };
  const result = format.json_schema?.schema?.properties?.result;
  const span = /\[([^\]\s]{3,64})\] /.exec(allText(asked))?.[1];
  return {
    steps: [{ description: 'What the user wanted', conclusion: 'It was done.' }],
    ...(span === undefined ? {} : { evidence: [{ span_id: span, quote: '' }] }),
    result: result?.enum?.[0] ?? 1,
  };
}

function bench(page: Page): Locator {
  return page.getByRole('region', { name: 'Bench' });
}

async function newGrader(page: Page, name: RegExp): Promise<void> {
  await page.keyboard.press('Control+8');
  const back = page.getByRole('button', { name: 'All graders' });
  if (await back.isVisible()) await back.click();
  await page.getByRole('button', { name: 'New grader…' }).first().click();
  await page.getByRole('dialog', { name: 'New grader' }).getByRole('button', { name }).first().click();
  await expect(page.getByLabel('Definition as JSON')).toBeVisible();
}

async function writeDefinition(page: Page, definition: object): Promise<void> {
  await page.getByLabel('Definition as JSON').fill(JSON.stringify(definition, null, 2));
}

test('a judge endpoint is set up in Settings', async () => {
  const { page } = launched;
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Settings' }).click();
  const section = page.getByRole('region', { name: 'Judge endpoints' });
  await section.getByRole('button', { name: 'New endpoint…' }).click();
  const dialog = page.getByRole('dialog', { name: 'New judge endpoint' });
  await dialog.getByRole('button', { name: 'Ollama' }).click();
  await dialog.getByLabel('Address').fill(server.baseUrl);
  await dialog.getByRole('button', { name: 'Save endpoint' }).click();
  const row = section.getByRole('listitem', { name: 'Ollama' });
  await row.getByRole('button', { name: 'qwen3:14b' }).click();
  await expect(row.getByRole('button', { name: 'qwen3:14b' })).toHaveAttribute('aria-pressed', 'true');
});

test('a ready judge says what it costs before, and its verdict has evidence', async () => {
  const { page } = launched;
  await newGrader(page, /Goal success/i);
  await expect(bench(page).getByRole('note')).toContainText(/about \d+ calls/, { timeout: 20_000 });
  expect(chats()).toBe(0);
  await shoot(page, 'grade-judge-cost');
  expect(await serious(page)).toEqual([]);
  const told = Number(/about (\d+) calls/.exec((await bench(page).getByRole('note').textContent()) ?? '')?.[1]);
  await bench(page)
    .getByRole('button', { name: /^Ask \d+ times/ })
    .click();
  await expect(bench(page).getByRole('status')).toContainText(/pass/, { timeout: 30_000 });
  await expect(bench(page).getByRole('button', { name: /^Ask \d+ times/ })).toBeVisible({ timeout: 30_000 });
  expect(chats()).toBe(told);
  await expect(bench(page).getByRole('list', { name: 'Evidence' }).getByRole('button').first()).toBeVisible();
  await shoot(page, 'grade-judge-verdict');
  expect(await serious(page)).toEqual([]);
  await bench(page).getByRole('list', { name: 'Evidence' }).getByRole('button').first().press('Enter');
  await expect(page).toHaveURL(/#\/trace\/.*span=/);
  await expect(page.getByTestId('evidence')).toBeVisible();
  await shoot(page, 'grade-judge-evidence');
  await page.goBack();
});

test('saved, it grades all traces, asks nothing again, and its verdicts are stored with their evidence', async () => {
  const { page } = launched;
  const asked = chats();
  await page.keyboard.press('Control+S');
  await page.getByLabel(/What changed/).press('Enter');
  await expect(page.getByRole('button', { name: 'Version 1' })).toBeVisible();
  await page.getByRole('button', { name: 'Grade…' }).click();
  const dialog = page.getByRole('dialog', { name: /Grade all/ });
  await expect(dialog).toContainText(/About \d+ calls/);
  await shoot(page, 'grade-judge-dialog');
  expect(await serious(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Grade', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Notices' })).toContainText(/\d+ graded/, { timeout: 30_000 });
  expect(chats()).toBe(asked);
  await page.getByRole('button', { name: 'All graders' }).click();
  await page.getByRole('button', { name: /pass: show what/ }).press('Enter');
  const verdicts = page.getByRole('list', { name: 'Verdicts' });
  await expect(verdicts.getByRole('button').first()).toContainText('achieved');
  await verdicts.getByRole('button').first().press('Enter');
  await expect(page).toHaveURL(/#\/trace\//);
  await expect(page.getByTestId('evidence')).toContainText('Goal success');
});

test('what was said of a trace before it changed is marked as stale', async () => {
  const { page } = launched;
  const traceId = /#\/trace\/([^?]+)/.exec(page.url())?.[1] ?? '';
  const chip = page.getByTitle(/^What graders said/);
  await expect(chip).toHaveText(/^1 pass$/);
  const { httpUrl } = (await ask(page, 'engine.info', null)) as { readonly httpUrl: string };
  const span = {
    object: 'trace.span',
    id: 'span_late',
    trace_id: decodeURIComponent(traceId),
    parent_id: null,
    started_at: '2026-11-21T21:31:55Z',
    ended_at: '2026-11-21T21:31:56Z',
    span_data: { type: 'custom', name: 'afterwards', data: {} },
    error: null,
  };
  const sent = await fetch(`${httpUrl}/v1/traces/ingest`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ data: [span] }),
  });
  expect(sent.ok).toBe(true);
  await expect(chip).toHaveText('1 pass · stale', { timeout: 20_000 });
  await chip.click();
  await expect(page.getByTestId('verdicts')).toContainText('as it was before it changed');
  await shoot(page, 'grade-judge-stale');
  expect(await serious(page)).toEqual([]);
});

test("OpenAI's rapidfuzz example runs on the bench, and says that Python starts", async () => {
  const { page } = launched;
  await newGrader(page, /^Python/);
  await writeDefinition(page, {
    type: 'python',
    name: 'Close to the question',
    source: `from rapidfuzz import fuzz, utils

def grade(sample, item) -> float:
    output_text = sample["output_text"]
    reference_answer = trace["input"]
    return fuzz.WRatio(output_text, reference_answer, processor=utils.default_process) / 100.0
`,
    image_tag: '2025-05-08',
    pass_threshold: 0.1,
  });
  await expect(bench(page).getByRole('status')).toContainText(/starting Python…/, { timeout: 20_000 });
  await shoot(page, 'grade-python-starting', ['light']);
  await expect(bench(page).getByRole('status')).toContainText(/\d+ pass/, { timeout: 60_000 });
  await expect(bench(page).getByRole('button', { name: /^Run again/ })).toBeVisible({ timeout: 60_000 });
  await expect(bench(page).getByRole('status')).not.toContainText(/error/);
  await shoot(page, 'grade-python-bench');
  expect(await serious(page)).toEqual([]);
  await writeDefinition(page, {
    type: 'python',
    name: 'Broken',
    source: 'def grade(sample, item):\n    return 1 / 0\n',
  });
  await expect(bench(page).getByRole('complementary', { name: 'Verdict' })).toContainText('ZeroDivisionError', {
    timeout: 60_000,
  });
});

test('a JavaScript grader runs as it is typed, with evidence', async () => {
  const { page } = launched;
  await newGrader(page, /^JavaScript/);
  await writeDefinition(page, {
    type: 'javascript',
    name: 'Calls a tool',
    source: `function grade(sample, item) {
  const calls = trace.tool_calls;
  return { score: calls.length > 0 ? 1 : 0, explanation: calls.length + ' calls', evidence: calls.map((call) => ({ span_id: call.span_id })) };
}`,
  });
  await expect(bench(page).getByRole('status')).toContainText(/[1-9]\d* pass/, { timeout: 30_000 });
  await expect(bench(page).getByRole('button', { name: /^Run again/ })).toBeVisible({ timeout: 30_000 });
  await shoot(page, 'grade-javascript-bench');
  expect(await serious(page)).toEqual([]);
});

function ask(page: Page, method: string, args: unknown): Promise<unknown> {
  return page.evaluate(
    ([method, args]) =>
      new Promise((resolve, reject) => {
        function hear(event: MessageEvent<{ readonly type?: string }>): void {
          const [port] = event.ports;
          if (event.data.type !== 'tracewright:engine-port' || !port) return;
          window.removeEventListener('message', hear);
          // The page listens at it too, and asks with small numbers.
          const id = 1_000_000_000;
          type Said = { id: number; verb: string; result: unknown; error: { message: string } };
          port.addEventListener('message', ({ data }: MessageEvent<Said>) => {
            if (data.id !== id) return;
            if (data.verb === 'answer') resolve(data.result);
            else reject(new Error(data.error.message));
          });
          port.start();
          port.postMessage({ verb: 'call', id, method, args });
        }
        window.addEventListener('message', hear);
        (window as unknown as { tracewright: { requestEnginePort(): void } }).tracewright.requestEnginePort();
      }),
    [method, args] as const,
  );
}

function chats(): number {
  return server.asked.filter(({ path }) => path.endsWith('/chat/completions')).length;
}
