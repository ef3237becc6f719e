import { afterEach, expect, test, vi } from 'vitest';
import { chooseDirection, layoutKey, layoutNow, requestLayout } from './layout-client.ts';
import type { LayoutInput, LayoutPair } from './layout-types.ts';

afterEach(() => vi.unstubAllGlobals());

function chain(length: number): LayoutInput {
  const nodes = Array.from({ length }, (_, at) => ({ id: `n${at}`, width: 190, height: 56, gap: 9 }));
  const edges = nodes
    .slice(1)
    .map((node, at) => ({ key: `e${at}`, from: `n${at}`, to: node.id, back: false, weight: 1, labelWidth: 60 }));
  return { nodes, edges };
}

function now(input: LayoutInput): LayoutPair {
  return layoutNow(layoutKey(input), input)!;
}

test('a small graph is laid out at once, and the second time from memory', () => {
  expect(now(chain(4))).toBe(now(chain(4)));
});

test('a big graph waits for the worker, and is remembered', async () => {
  const input = chain(200);
  const key = layoutKey(input);
  expect(layoutNow(key, input)).toBeNull();
  // No worker can start here: the page lays it out itself, later.
  vi.stubGlobal('Worker', undefined);
  const pair = await new Promise<LayoutPair>((done) => requestLayout(key, input, done));
  expect(pair.LR.nodes.size).toBe(200);
  expect(layoutNow(key, input)).toBe(pair);
});

test('of several questions, the newest is answered and what was taken back is not', async () => {
  vi.stubGlobal('Worker', undefined);
  const answered: number[] = [];
  const ask = (length: number, done?: () => void) => {
    const input = chain(length);
    return requestLayout(layoutKey(input), input, () => {
      answered.push(length);
      done?.();
    });
  };
  const undo = ask(160);
  ask(161);
  await new Promise<void>((done) => {
    ask(162, done);
    undo();
  });
  expect(answered).toEqual([162]);
});

test('a flat pane reads left to right, a tall one top down', () => {
  const pair = now(chain(6));
  expect(chooseDirection(pair, { width: 1200, height: 300 })).toBe('LR');
  expect(chooseDirection(pair, { width: 400, height: 800 })).toBe('TB');
});
