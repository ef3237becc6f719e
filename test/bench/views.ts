/** The pictures of a trace: how soon each stands after a click, and how smoothly the large ones move. */
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { createEngine } from '../../src/main/engine/create-engine.ts';
import { otlpProtobuf } from '../support/encode.ts';
import { makeTrace } from '../support/make-trace.ts';
import type { Benchmark, Figure } from './figure.ts';
import { figure, percentile } from './figure.ts';
import { memoryOfWindow, openApp } from './lib/app.ts';
import { frameTimes, type Gesture } from './lib/frames.ts';
import { sendAll } from './lib/load.ts';

const LARGE = 100_000;
const SMALL = 10;
/** Starts of the app. */
const ROUNDS = 3;
const MOVE_MS = 3_000;
const SMALL_LIMIT_MS = 100;
/** A picture that takes longer is not drawn at all. */
const PATIENCE_MS = 30_000;

type View = {
  readonly tab: string;
  /** What stands in the page when it is drawn: an element, or a canvas that was given its size. */
  readonly drawn: string;
  /** Limit on the large trace; null = none is set. */
  readonly limitMs: number | null;
  /** How the large one is moved, and what. */
  readonly moves: readonly (readonly [Gesture, testId: string])[];
};

const VIEWS: readonly View[] = [
  { tab: 'Graph', drawn: '[data-testid^="node:"]', limitMs: 2_000, moves: [['drag', 'scrubber']] },
  {
    tab: 'Lanes',
    drawn: '[data-testid=lanes] canvas',
    limitMs: 1_500,
    moves: [
      ['zoom', 'lanes'],
      ['pan', 'lanes'],
      ['drag', 'scrubber'],
    ],
  },
  {
    tab: 'Sequence',
    drawn: '[data-testid^="message:"]',
    limitMs: 2_000,
    moves: [
      ['scroll', 'sequence'],
      ['drag', 'scrubber'],
    ],
  },
  {
    tab: 'Flame',
    drawn: '[data-testid=flame] canvas',
    limitMs: 1_000,
    moves: [
      ['zoom', 'flame'],
      ['pan', 'flame'],
      ['drag', 'scrubber'],
    ],
  },
  { tab: 'Conversation', drawn: '[data-testid^="entry:"]', limitMs: null, moves: [['scroll', 'conversation']] },
  {
    tab: 'Log',
    drawn: '[data-testid=log] [role=gridcell]',
    limitMs: null,
    moves: [
      ['scroll', 'log'],
      ['drag', 'scrubber'],
    ],
  },
];

const WORDS: Readonly<Record<Gesture, string>> = {
  zoom: 'zooming',
  pan: 'panning',
  scroll: 'scrolling',
  drag: 'scrubbing',
  rest: 'at rest',
};

export const views: Benchmark = {
  id: 'views',
  method: `The built app in Electron on a workspace with a made trace of ${SMALL} spans and one of ${LARGE.toLocaleString('en-US')}. Each picture: from the time of the click on its tab to the task after the frame that first holds it (a row, a node, a canvas with its size), in ${ROUNDS} fresh starts of the app, the median counts. The small trace comes first, so that its figures hold the loading of the code; the engine has done none of the large one's pictures before, only opened it. Baseline: the same on the small trace. Moving: the wheel, the scroll position or the pressed pointer on the playback bar once a frame for ${MOVE_MS / 1_000} s; times between frames. Baseline: the frames of the same window at rest. Memory: proportional set size of the process that draws the window, after all of this.`,
  async run({ folder, say }) {
    const path = join(folder, 'views.tracewright');
    const [small, large] = await storeTraces(path);
    const seen = new Map<View, { small: number[]; large: number[] }>();
    const moved: Figure[] = [];
    let megabytes = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const opened = await openApp(folder, path);
      const { page } = opened;
      try {
        // Where one begins, that picture is there already: it is timed in another round.
        const begun = round % 2 === 0 ? 'Conversation' : 'Graph';
        await openTrace(page, small, begun);
        const present = await presentViews(page);
        for (const view of present) {
          if (view.tab === begun) continue;
          const times = seen.get(view) ?? { small: [], large: [] };
          seen.set(view, times);
          times.small.push(await timeView(page, view));
        }
        await openTrace(page, large, begun);
        for (const view of present) if (view.tab !== begun) seen.get(view)?.large.push(await timeView(page, view));
        if (round === 0) {
          const rest = percentile(await frameTimes(page, '', 'rest', MOVE_MS), 0.95);
          for (const view of present) moved.push(...(await moveView(page, view, rest)));
          megabytes = await memoryOfWindow(opened);
        }
      } finally {
        await opened.close();
      }
    }
    for (const view of VIEWS) if (!seen.has(view)) say(`views: there is no tab "${view.tab}".`);
    return [
      ...[...seen].map(([view, times]) =>
        figure(`${SMALL} spans, ${view.tab}: click to shown`, percentile(times.small, 0.5), 'ms', {
          below: SMALL_LIMIT_MS,
        }),
      ),
      ...[...seen].map(([view, times]) =>
        figure(
          `${LARGE.toLocaleString('en-US')} spans, ${view.tab}: click to shown`,
          percentile(times.large, 0.5),
          'ms',
          view.limitMs === null ? null : { below: view.limitMs },
          { name: `${SMALL} spans`, value: percentile(times.small, 0.5), unit: 'ms' },
        ),
      ),
      ...moved,
      figure(`memory of the window, ${LARGE.toLocaleString('en-US')} spans open`, megabytes, 'MB', { below: 700 }),
    ];
  },
};

async function storeTraces(path: string): Promise<[small: string, large: string]> {
  const created = await createEngine({ workspace: path, httpPort: 0, appVersion: 'bench' });
  if (!created.ok) throw new Error(created.error.message);
  const engine = created.value;
  const small = makeTrace('swarm', { spans: SMALL, seed: 3 });
  const large = makeTrace('swarm', { spans: LARGE });
  const bodies = [otlpProtobuf(small)];
  for (let from = 0; from < large.length; from += 1_000) bodies.push(otlpProtobuf(large.slice(from, from + 1_000)));
  await sendAll(engine.info().httpUrl ?? '', 'otlp', 4, bodies);
  await engine.settle();
  await engine.close();
  return [small[0]?.traceId ?? '', large[0]?.traceId ?? ''];
}

async function openTrace(page: Page, id: string, tab: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#/trace/${id}?tab=${tab.toLowerCase()}`);
  await page.waitForSelector('[role=tree] [role=treeitem]');
  await page.waitForSelector(VIEWS.find((view) => view.tab === tab)?.drawn ?? '');
  await page.waitForTimeout(500);
}

/** Lanes first: they belong to what is to be there soonest. */
async function presentViews(page: Page): Promise<View[]> {
  const names = await page.getByRole('tab').allTextContents();
  const present = VIEWS.filter(({ tab }) => names.includes(tab));
  return [...present.filter(({ tab }) => tab === 'Lanes'), ...present.filter(({ tab }) => tab !== 'Lanes')];
}

async function timeView(page: Page, { tab, drawn }: View): Promise<number> {
  const painted = page.evaluate(
    ({ selector, patience }) =>
      new Promise<number>((resolve, reject) => {
        setTimeout(() => reject(new Error(`Nothing is drawn that is ${selector}.`)), patience);
        function isDrawn(): boolean {
          return [...document.querySelectorAll(selector)].some(
            // 300 is what a canvas has that nobody has sized.
            (element) => !(element instanceof HTMLCanvasElement) || (element.width !== 300 && element.width > 1),
          );
        }
        function watch(event: Event): void {
          const pressed = event.timeStamp;
          function look(): void {
            if (!isDrawn()) {
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
    { selector: drawn, patience: PATIENCE_MS },
  );
  await page.getByRole('tab', { name: tab, exact: true }).click();
  const time = await painted;
  await page.waitForTimeout(500);
  return time;
}

async function moveView(page: Page, view: View, rest: number): Promise<Figure[]> {
  await timeView(page, view);
  const figures: Figure[] = [];
  for (const [gesture, testId] of view.moves) {
    if ((await page.getByTestId(testId).count()) === 0) continue;
    const times = await frameTimes(page, testId, gesture, MOVE_MS);
    figures.push(
      figure(
        `${LARGE.toLocaleString('en-US')} spans, ${view.tab}: ${WORDS[gesture]}, p95 frame`,
        percentile(times, 0.95),
        'ms',
        { below: 20 },
        { name: 'the same window at rest', value: rest, unit: 'ms' },
      ),
    );
  }
  await page.waitForTimeout(300);
  return figures;
}
