/** Going from one item of a review queue to the next. */
import { join } from 'node:path';
import { createEngine } from '../../src/main/engine/create-engine.ts';
import { otlpProtobuf } from '../support/encode.ts';
import type { LaunchedApp } from '../support/launch-app.ts';
import { makeTrace } from '../support/make-trace.ts';
import type { Benchmark } from './figure.ts';
import { figure, percentile } from './figure.ts';
import { openApp } from './lib/app.ts';
import { sendAll } from './lib/load.ts';

const TRACES = 60;
const SPANS = 400;
const ITEMS = 40;
/** A person reads, if ever so little; until then the next item is being fetched. */
const READING_MS = 700;
const LATEST_MS = 20_000;

export const review: Benchmark = {
  id: 'review',
  method: `The built app in Electron on a queue of ${TRACES} traces of ${SPANS} spans each. ${ITEMS} times a verdict and Enter: from the time of the key event of Enter to the task after the frame that first holds the next item, the steps of its trace and its messages. ${READING_MS} ms pass before each Enter. Baseline: the engine's trace.open and trace.conversation for one of these traces, in one process.`,
  async run({ folder }) {
    const path = join(folder, 'review.tracewright');
    const { queueId, engineMs } = await prepare(path);
    const opened = await openApp(folder, path);
    const times: number[] = [];
    try {
      await opened.page.evaluate((id) => {
        location.hash = `#/review?tab=${encodeURIComponent(id)}`;
      }, queueId);
      await opened.page.waitForSelector('[data-entry]');
      for (let item = 0; item < ITEMS; item++) times.push(await next(opened, item + 1));
    } finally {
      await opened.close();
    }
    const baseline = { name: "the engine's answers alone", value: engineMs, unit: 'ms' };
    return [
      figure('next item of a queue, key to painted, p95', percentile(times, 0.95), 'ms', { below: 100 }, baseline),
      figure('next item of a queue, key to painted, median', percentile(times, 0.5), 'ms', null),
    ];
  },
};

async function prepare(path: string): Promise<{ queueId: string; engineMs: number }> {
  const created = await createEngine({ workspace: path, httpPort: 0, appVersion: 'bench' });
  if (!created.ok) throw new Error(created.error.message);
  const engine = created.value;
  const bodies = Array.from({ length: TRACES }, (_, seed) =>
    otlpProtobuf(makeTrace('swarm', { spans: SPANS, seed: seed + 1 })),
  );
  await sendAll(engine.info().httpUrl ?? '', 'otlp', 4, bodies);
  await engine.settle();
  const queue = await engine.call('queue.create', {
    jobId: 'bench',
    queue: {
      name: 'Bench',
      instructions: 'Is it right?',
      source: { kind: 'query', query: '' },
      task: { kind: 'trace' },
      order: 'random',
      seed: 1,
      limit: null,
      form: { verdict: true, taxonomy: null, schema: null, blame: true },
      blind: { labels: false, origin: false },
    },
  });
  const { item } = await engine.call('queue.at', { queueId: queue.id });
  const traceId = item?.traceId ?? '';
  const started = performance.now();
  await engine.call('trace.open', { traceId });
  await engine.call('trace.conversation', { traceId, cursor: 0, limit: 60 });
  const engineMs = performance.now() - started;
  await engine.close();
  return { queueId: queue.id, engineMs };
}

async function next({ page }: LaunchedApp, done: number): Promise<number> {
  await page.keyboard.press('p');
  await page.waitForTimeout(READING_MS);
  // Listening before the key is pressed: the two may reach the page in any order.
  await page.evaluate(
    ({ position, give }) => {
      const painted = new Promise<number>((resolve, reject) => {
        setTimeout(() => reject(new Error(`Item ${position} was not painted.`)), give);
        function watch(event: Event): void {
          const pressed = event.timeStamp;
          function look(): void {
            const there =
              [...document.querySelectorAll('header [role=status]')].some((status) =>
                status.textContent.startsWith(`${position} of`),
              ) &&
              document.querySelector('[role=listbox] [role=option]') !== null &&
              document.querySelector('[data-reader] [data-entry]') !== null;
            if (!there) {
              requestAnimationFrame(look);
              return;
            }
            // A message posted in a frame is delivered after it was drawn.
            const channel = new MessageChannel();
            channel.port1.onmessage = () => resolve(performance.now() - pressed);
            channel.port2.postMessage(null);
          }
          requestAnimationFrame(look);
        }
        document.addEventListener('keydown', watch, { capture: true, once: true });
      });
      (window as unknown as { painted: Promise<number> }).painted = painted;
    },
    { position: done + 1, give: LATEST_MS },
  );
  await page.keyboard.press('Enter');
  return await page.evaluate(() => (window as unknown as { painted: Promise<number> }).painted);
}
