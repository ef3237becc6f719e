/** Whether the window stays responsive while spans pour in. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { LaunchedApp } from '../support/launch-app.ts';
import type { Benchmark, Figure } from './figure.ts';
import { figure, percentile } from './figure.ts';
import { openApp } from './lib/app.ts';

const RATE = 10_000;
const SECONDS = 10;
const PACE = join(import.meta.dirname, 'pace.ts');

export const live: Benchmark = {
  id: 'live',
  method: `A load generator in another process sends ${RATE.toLocaleString('en-US')} spans a second for ${SECONDS} s to the running app, once with the Traces view open and a trace a request, once with the one trace open to which all spans belong. In the page: the longest task (PerformanceObserver), and the longest gap between timers of 4 ms. Baseline: the same gaps in the same window while nothing arrives.`,
  async run({ folder }) {
    const opened = await openApp(folder, null);
    try {
      const url = await collectorUrl(opened);
      const idle = await observe(opened.page, () => opened.page.waitForTimeout(SECONDS * 1_000));
      const figures: Figure[] = [];
      for (const shape of ['many', 'one'] as const) {
        await showTraces(opened.page);
        const sender = startSender(url, shape);
        const traceId = await sender.traceId;
        if (shape === 'one') await openTrace(opened.page, traceId);
        const before = shape === 'one' ? await heightOfTree(opened.page) : 0;
        const seen = await observe(opened.page, () => sender.rate);
        if (shape === 'one' && (await heightOfTree(opened.page)) <= before)
          throw new Error('The open trace did not grow.');
        const what = shape === 'many' ? 'Traces view' : 'the trace itself';
        figures.push(
          figure(
            `live, ${what}: longest task`,
            Math.max(0, ...seen.tasks),
            'ms',
            { atMost: 50 },
            {
              name: 'nothing arrives: longest gap',
              value: percentile(idle.gaps, 1),
              unit: 'ms',
            },
          ),
          figure(`live, ${what}: tasks over 50 ms`, seen.tasks.length, 'tasks', null),
          figure(`live, ${what}: longest gap between timers`, percentile(seen.gaps, 1), 'ms', null),
          figure(`live, ${what}: acknowledged`, await sender.rate, 'spans/s', { atLeast: RATE * 0.95 }),
        );
      }
      return figures;
    } finally {
      await opened.close();
    }
  },
};

async function showTraces(page: Page): Promise<void> {
  await page.evaluate(() => {
    location.hash = '#/traces';
  });
  await page.waitForTimeout(2_000);
}

/** Opens a trace of which something has arrived. */
async function openTrace(page: Page, id: string): Promise<void> {
  // A moment for the first requests to be stored.
  await page.waitForTimeout(500);
  await page.evaluate((traceId) => {
    location.hash = `#/trace/${traceId}`;
  }, id);
  await page.waitForSelector('[role=tree] [role=treeitem]');
}

/** Pixels; grows with the rows. */
async function heightOfTree(page: Page): Promise<number> {
  return await page.$eval('[role=tree]', (tree) => tree.scrollHeight);
}

/** Where the app collects, as its own page shows it. */
async function collectorUrl({ page }: LaunchedApp): Promise<string> {
  await page.evaluate(() => {
    location.hash = '#/connect';
  });
  const match = await page.waitForFunction(() => /http:\/\/127\.0\.0\.1:\d+/.exec(document.body.innerText)?.[0]);
  return (await match.jsonValue()) ?? '';
}

type Sending = {
  /** Resolves when it starts to send. */ readonly traceId: Promise<string>;
  /** Resolves at the end with the spans a second. */ readonly rate: Promise<number>;
};

function startSender(url: string, shape: 'one' | 'many'): Sending {
  const args = ['--disable-warning=ExperimentalWarning', PACE, url, String(RATE), String(SECONDS), shape];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  const traceId = new Promise<string>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const match = /^sending (\w+)\n/.exec(text);
      if (match?.[1]) resolve(match[1]);
    });
  });
  const rate = new Promise<number>((resolve, reject) => {
    child.once('close', (code) => {
      if (code === 0) resolve(Number(text.trim().split('\n').at(-1)));
      else reject(new Error(`The load generator ended with code ${code}.`));
    });
  });
  // Whoever waits for it hears of a failure; the page may fail first.
  rate.catch(() => undefined);
  return { traceId, rate };
}

type Observed = { readonly tasks: readonly number[]; readonly gaps: readonly number[] };

/** Durations of long tasks, and times between timers, in the page while something goes on. */
async function observe(page: Page, during: () => Promise<unknown>): Promise<Observed> {
  await page.evaluate(() => {
    const seen = { tasks: [] as number[], gaps: [] as number[], timer: 0 };
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.tasks.push(entry.duration);
    }).observe({ type: 'longtask' });
    let last = performance.now();
    seen.timer = window.setInterval(() => {
      const now = performance.now();
      seen.gaps.push(now - last);
      last = now;
    }, 4);
    Reflect.set(window, 'seenByBench', seen);
  });
  await during();
  return await page.evaluate(() => {
    const seen = Reflect.get(window, 'seenByBench') as { tasks: number[]; gaps: number[]; timer: number };
    clearInterval(seen.timer);
    return { tasks: seen.tasks, gaps: seen.gaps };
  });
}
