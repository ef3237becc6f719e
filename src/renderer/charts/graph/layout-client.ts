/**
 * Layouts, both ways of reading at once, so that a pane that changes its shape has the other one ready. Small graphs
 * are laid out where they are asked for; big ones in a worker, one at a time, the newest question first.
 */
import type { Direction, Layout, LayoutInput, LayoutPair } from './layout-types.ts';
import { layoutBoth } from './layout.ts';

/** Up to this many nodes and edges a layout takes a few milliseconds. */
const SMALL = 150;
const REMEMBERED = 12;
/** A top-down picture must be this much bigger in the pane before it is preferred. */
const TURN_AT = 1.15;

type Job = { readonly key: string; readonly input: LayoutInput; readonly done: (pair: LayoutPair) => void };

const known = new Map<string, LayoutPair>();
let worker: Worker | null = null;
let running: Job | null = null;
let waiting: Job | null = null;

/** Equal inputs have equal keys. */
export function layoutKey(input: LayoutInput): string {
  return JSON.stringify([
    input.style ?? 'layered',
    input.teams?.map((team) => [team.id, team.parent]) ?? [],
    input.nodes.map((node) => [node.id, node.width, node.height, node.gap, node.team ?? null]),
    input.edges.map((edge) => [edge.key, edge.from, edge.to, edge.back, edge.weight, edge.labelWidth]),
  ]);
}

/** The layout, when it is known or quick to make. */
export function layoutNow(key: string, input: LayoutInput): LayoutPair | null {
  const found = known.get(key);
  if (found) return found;
  return input.nodes.length + input.edges.length > SMALL ? null : remember(key, layoutBoth(input));
}

/** Asks for a layout off this thread; `done` comes later unless a newer question or the returned undo came first. */
export function requestLayout(key: string, input: LayoutInput, done: (pair: LayoutPair) => void): () => void {
  const job: Job = { key, input, done };
  waiting = job;
  next();
  return () => {
    if (waiting === job) waiting = null;
    // What runs is left to end: its answer is remembered.
    if (running === job) running = { ...job, done: () => undefined };
  };
}

/** Left to right reads best; top down when it makes the picture clearly bigger in a pane of this size. */
export function chooseDirection(
  pair: LayoutPair,
  pane: { readonly width: number; readonly height: number },
): Direction {
  const scale = ({ width, height }: Layout): number => Math.min(1, pane.width / width, pane.height / height);
  return scale(pair.TB) > scale(pair.LR) * TURN_AT ? 'TB' : 'LR';
}

function remember(key: string, pair: LayoutPair): LayoutPair {
  known.delete(key);
  known.set(key, pair);
  for (const oldest of known.keys()) {
    if (known.size <= REMEMBERED) break;
    known.delete(oldest);
  }
  return pair;
}

function next(): void {
  if (running || !waiting) return;
  running = waiting;
  waiting = null;
  try {
    worker ??= startWorker();
    worker.postMessage(running.input);
  } catch {
    fallBack();
  }
}

function startWorker(): Worker {
  const started = new Worker(new URL('./layout.worker.ts', import.meta.url), { type: 'module', name: 'graph layout' });
  started.onmessage = (event: MessageEvent<LayoutPair>) => settle(event.data);
  started.onerror = () => {
    started.terminate();
    worker = null;
    fallBack();
  };
  return started;
}

/** No worker here: a picture late is better than none. */
function fallBack(): void {
  setTimeout(() => {
    if (running) settle(layoutBoth(running.input));
  }, 0);
}

function settle(pair: LayoutPair): void {
  const job = running;
  running = null;
  if (job) job.done(remember(job.key, pair));
  next();
}
