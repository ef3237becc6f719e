/** What the whole app takes when nothing happens. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Benchmark } from './figure.ts';
import { figure } from './figure.ts';
import { memoryOfTree, openApp } from './lib/app.ts';
import { openBareWindow } from './lib/bare-window.ts';

const IDLE_MS = 15_000;

export const memory: Benchmark = {
  id: 'memory',
  method: `The app with the Traces view open and nothing happening for ${IDLE_MS / 1_000} s: proportional set size (PSS) from /proc/*/smaps_rollup, summed over all its processes. Baseline: the same Electron with one window that shows an empty page.`,
  async run({ folder, million }) {
    const stored = await million();
    const bare = await openBareWindow(folder);
    await wait(IDLE_MS);
    const baseline = { name: 'Electron with an empty page', value: memoryOfTree(bare.process.pid ?? 0), unit: 'MB' };
    bare.process.kill();
    const empty = await measure(folder, null);
    const full = await measure(folder, stored.path);
    return [
      figure('memory, empty workspace', empty, 'MB', { below: 450 }, baseline),
      figure(`memory, ${stored.spans.toLocaleString('en-US')} spans stored`, full, 'MB', { below: 600 }, baseline),
    ];
  },
};

async function measure(folder: string, workspace: string | null): Promise<number> {
  const opened = await openApp(folder, workspace);
  try {
    await wait(IDLE_MS);
    return memoryOfTree(opened.app.process().pid ?? 0);
  } finally {
    await opened.close();
  }
}
