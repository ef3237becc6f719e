/** Opening traces from the Traces table, and scrolling them. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { createEngine } from '../../src/main/engine/create-engine.ts';
import { otlpProtobuf } from '../support/encode.ts';
import type { LaunchedApp } from '../support/launch-app.ts';
import { makeTrace } from '../support/make-trace.ts';
import type { Baseline, Benchmark, Figure } from './figure.ts';
import { figure, percentile } from './figure.ts';
import { openApp } from './lib/app.ts';
import { sendAll } from './lib/load.ts';

const FIXTURE = join(import.meta.dirname, '..', 'fixtures', 'formats', 'agents-sdk', 'js08-big', 'input.jsonl.gz');
const LARGE = 100_000;
/** Starts of the app. */
const ROUNDS = 3;
const SCROLL_MS = 4_000;
const STEP_PX = 140;

type Trace = {
  readonly id: string;
  readonly label: string;
  readonly limitMs: number;
  /** What the engine alone takes to give the trace, called in this process. */
  readonly engineMs: number;
};

export const windowFigures: Benchmark = {
  id: 'window',
  method: `The built app in Electron on a workspace with both traces. Opening: a mouse click on the row of the Traces table, from the time of the input event to the task after the frame that first holds rows of the tree; in ${ROUNDS} fresh starts of the app the smaller trace first, the median counts: nothing of them was loaded before, nor the code of the trace view when the smaller one is opened. Baseline: the engine's trace.open in one process. Scrolling: tree and waterfall move ${STEP_PX} px every frame for ${SCROLL_MS / 1_000} s; times between frames. Baseline: the frames of an empty page in the same window.`,
  async run({ folder }) {
    const path = join(folder, 'window.tracewright');
    const traces = await storeTraces(path);
    const seen = traces.map((trace) => ({
      trace,
      first: [] as number[],
      again: [] as number[],
      frames: [] as number[],
    }));
    let blank: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const opened = await openApp(folder, path);
      try {
        for (const { trace, first, frames } of seen) {
          first.push(await timeOpening(opened, trace));
          if (round === 0) frames.push(...(await scroll(opened)));
        }
        for (const { trace, again } of seen) again.push(await timeOpening(opened, trace));
        if (round === 0) blank = await blankFrames(opened);
      } finally {
        await opened.close();
      }
    }
    const baseline: Baseline = { name: 'empty page in the same window', value: percentile(blank, 0.95), unit: 'ms' };
    return seen.flatMap(({ trace: { label, limitMs, engineMs }, first, again, frames }): Figure[] => [
      figure(
        `opening ${label}, click to first rows`,
        percentile(first, 0.5),
        'ms',
        { below: limitMs },
        {
          name: "the engine's answer alone",
          value: engineMs,
          unit: 'ms',
        },
      ),
      figure(`opening ${label} again`, percentile(again, 0.5), 'ms', null),
      figure(`scrolling ${label}, p95 frame`, percentile(frames, 0.95), 'ms', { below: 20 }, baseline),
    ]);
  },
};

async function storeTraces(path: string): Promise<Trace[]> {
  const created = await createEngine({ workspace: path, httpPort: 0, appVersion: 'bench' });
  if (!created.ok) throw new Error(created.error.message);
  const engine = created.value;
  const url = engine.info().httpUrl ?? '';
  const lines: Buffer[] = [];
  for await (const line of createInterface({ input: createReadStream(FIXTURE).pipe(createGunzip()) }))
    lines.push(Buffer.from(line));
  await sendAll(url, 'agents-sdk', 1, lines);
  const spans = makeTrace('swarm', { spans: LARGE });
  const bodies = Array.from({ length: LARGE / 500 }, (_, index) =>
    otlpProtobuf(spans.slice(index * 500, (index + 1) * 500)),
  );
  await sendAll(url, 'otlp', 4, bodies);
  await engine.settle();
  const { rows } = await engine.call('trace.list', {});
  const traces: Trace[] = [];
  for (const row of [...rows].sort((a, b) => a.spans - b.spans).slice(-2)) {
    const started = performance.now();
    await engine.call('trace.open', { traceId: row.id });
    traces.push({
      id: row.id,
      label: `${row.spans.toLocaleString('en-US')} spans`,
      limitMs: row.spans > 10_000 ? 1_500 : 300,
      engineMs: performance.now() - started,
    });
  }
  await engine.close();
  return traces;
}

async function timeOpening({ page }: LaunchedApp, trace: Trace): Promise<number> {
  await page.evaluate(() => {
    location.hash = '#/traces';
  });
  const row = page.locator(`[data-trace="${trace.id}"]`);
  await row.waitFor();
  // The list has settled and the page is at rest.
  await page.waitForTimeout(500);
  const painted = page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        function watch(event: Event): void {
          const pressed = event.timeStamp;
          function look(): void {
            if (!document.querySelector('[role=tree] [role=treeitem]')) {
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
        document.addEventListener('click', watch, { capture: true, once: true });
      }),
  );
  await row.click({ position: { x: 200, y: 10 } });
  const time = await painted;
  await page.waitForTimeout(1_000);
  return time;
}

/** Times between frames while the tree scrolls. */
async function scroll({ page }: LaunchedApp): Promise<number[]> {
  return await page.evaluate(
    ({ duration, step }) =>
      new Promise<number[]>((resolve, reject) => {
        const tree = document.querySelector('[role=tree]');
        if (!tree || tree.scrollHeight < tree.clientHeight * 2) {
          reject(new Error('The tree does not scroll.'));
          return;
        }
        const deltas: number[] = [];
        let first = 0;
        let last = 0;
        let direction = step;
        requestAnimationFrame(function frame(now) {
          if (last > 0) deltas.push(now - last);
          if (first === 0) first = now;
          last = now;
          const before = tree.scrollTop;
          tree.scrollTop += direction;
          if (tree.scrollTop === before) direction = -direction;
          if (now - first < duration) requestAnimationFrame(frame);
          else resolve(deltas);
        });
      }),
    { duration: SCROLL_MS, step: STEP_PX },
  );
}

async function blankFrames({ app, page }: LaunchedApp): Promise<number[]> {
  await app.evaluate(async ({ BrowserWindow }) => {
    await BrowserWindow.getAllWindows()[0]?.loadURL('about:blank');
  });
  return await page.evaluate(
    (duration) =>
      new Promise<number[]>((resolve) => {
        const deltas: number[] = [];
        let first = 0;
        let last = 0;
        requestAnimationFrame(function frame(now) {
          if (last > 0) deltas.push(now - last);
          if (first === 0) first = now;
          last = now;
          if (now - first < duration) requestAnimationFrame(frame);
          else resolve(deltas);
        });
      }),
    SCROLL_MS,
  );
}
