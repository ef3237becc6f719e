/** From `npm start` to a window that can be used, when everything is installed and built. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { chromium } from '@playwright/test';
import type { Benchmark } from './figure.ts';
import { figure, percentile } from './figure.ts';
import { openBareWindow } from './lib/bare-window.ts';

const ROUNDS = 3;
const root = resolve(import.meta.dirname, '..', '..');

export const start: Benchmark = {
  id: 'start',
  method: `npm start with an empty workspace of its own, once unmeasured, then ${ROUNDS} times; the median counts. From starting the command until the frame after the Connect page stands in the window and the engine is ready; looked for over the debugging port, so the time is an upper bound. Baseline: the same Electron started directly, until a window with an empty page is ready to show.`,
  async run({ folder }) {
    const times: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const time = await timeStart(folder);
      const window = await openBareWindow(folder);
      const ended = once(window.process, 'exit');
      window.process.kill();
      await ended;
      if (round === 0) continue;
      times.push(time);
      bare.push(window.shownAfterMs);
    }
    const baseline = { name: 'Electron with an empty page', value: percentile(bare, 0.5), unit: 'ms' };
    return [
      figure('warm npm start to an interactive window', percentile(times, 0.5), 'ms', { below: 2_500 }, baseline),
    ];
  },
};

async function timeStart(folder: string): Promise<number> {
  const port = await freePort();
  const userData = mkdtempSync(join(folder, 'start-'));
  const startedAt = Date.now();
  const npm = spawn('npm', ['start', '--silent', '--', `--remote-debugging-port=${port}`], {
    cwd: root,
    env: { ...process.env, TRACEWRIGHT_USER_DATA: userData, TRACEWRIGHT_HTTP_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const readyAt = await new Promise<number>((done, failed) => {
      npm.stdout.on('data', (text: Buffer) => {
        if (text.toString().includes('Tracewright collects at')) done(Date.now());
      });
      npm.once('exit', (code) => failed(new Error(`npm start ended with code ${code}.`)));
    });
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
    const page = await firstPage(() => browser.contexts().flatMap((context) => context.pages()));
    const drawnAt = await page.evaluate(
      () =>
        new Promise<number>((done) => {
          requestAnimationFrame(function look() {
            // The Connect page of an empty workspace, not the placeholder before the engine has answered.
            if (!document.querySelector('main :is(h1, h2)')) {
              requestAnimationFrame(look);
              return;
            }
            const channel = new MessageChannel();
            channel.port1.onmessage = () => done(performance.timeOrigin + performance.now());
            channel.port2.postMessage(null);
          });
        }),
    );
    await browser.close();
    return Math.max(readyAt, drawnAt) - startedAt;
  } finally {
    const ended = once(npm, 'exit');
    npm.kill('SIGTERM');
    await ended;
  }
}

async function firstPage(pages: () => Page[]): Promise<Page> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const page = pages().find((candidate) => candidate.url().startsWith('app:'));
    if (page) return page;
    await wait(100);
  }
  throw new Error('The app opened no window.');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
