/** The shell around the page: one app per person, nothing for hostile content to reach, an engine that comes back. */
import { expect, test } from '@playwright/test';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { electronArguments, electronExecutable, launchApp, type LaunchedApp } from '../support/launch-app.ts';

let launched: LaunchedApp;

test.beforeAll(async () => {
  launched = await launchApp();
});
test.afterAll(() => launched.close());

test('prints where it collects, and ends when it is told to', async () => {
  const userData = await mkdtemp(join(tmpdir(), 'tracewright-e2e-'));
  const app = spawn(electronExecutable(), electronArguments([]), {
    env: { ...process.env, TRACEWRIGHT_USER_DATA: userData, TRACEWRIGHT_HTTP_PORT: '0' },
  });
  const workspace = join(userData, 'workspace.tracewright');
  for await (const line of createInterface({ input: app.stdout })) {
    if (!line.startsWith('Tracewright collects at ')) continue;
    expect(line).toMatch(/^Tracewright collects at http:\/\/127\.0\.0\.1:\d+ · workspace /);
    expect(line).toContain(workspace);
    app.kill('SIGTERM');
    break;
  }
  const [code] = (await once(app, 'close')) as [number];
  expect(code).toBe(0);
  await rm(userData, { recursive: true, force: true });
});

test('gives the page the bridge and nothing of Node', async () => {
  const globals = await launched.page.evaluate(() => ({
    require: typeof Reflect.get(window, 'require'),
    process: typeof Reflect.get(window, 'process'),
    bridge: typeof Reflect.get(window, 'tracewright'),
  }));
  expect(globals).toEqual({ require: 'undefined', process: 'undefined', bridge: 'object' });
});

test('refuses windows, other addresses, requests, scripts and permissions', async () => {
  const { app, page } = launched;
  const address = page.url();
  const refused = await page.evaluate(async () => {
    const violations: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective));
    const opened = window.open('https://example.com/');
    const fetched = await fetch('https://example.com/').catch(() => 'refused');
    const outside = await fetch('app://tracewright/..%2f..%2fpackage.json').then((answer) => answer.status);
    const script = document.createElement('script');
    script.textContent = 'window.injected = true';
    document.body.append(script);
    const notifications = await Notification.requestPermission();
    location.href = 'https://example.com/';
    // They are reported after the fact.
    const isReported = (): boolean => ['connect-src', 'script-src-elem'].every((each) => violations.includes(each));
    for (let k = 0; k < 100 && !isReported(); k++) await new Promise((done) => setTimeout(done, 100));
    return { opened, fetched, outside, injected: Reflect.has(window, 'injected'), notifications, violations };
  });
  expect(refused).toEqual({
    opened: null,
    fetched: 'refused',
    outside: 404,
    injected: false,
    notifications: 'denied',
    violations: expect.arrayContaining(['connect-src', 'script-src-elem']) as unknown,
  });
  expect(page.url()).toBe(address);
  expect(app.windows()).toHaveLength(1);
});

test('a second start brings the first window to the front and ends', async () => {
  const focused = launched.app.evaluate(
    ({ app }) => new Promise((heard) => app.once('second-instance', () => heard(true))),
  );
  const second = spawn(electronExecutable(), electronArguments([]), {
    env: { ...process.env, TRACEWRIGHT_USER_DATA: launched.userData },
  });
  let output = '';
  second.stdout.on('data', (text: Buffer) => (output += text.toString()));
  const [code] = (await once(second, 'close')) as [number];
  expect(code).toBe(0);
  expect(output).toContain('already running');
  expect(await focused).toBe(true);
  expect(launched.app.windows()).toHaveLength(1);
});

test('starts the engine again after a crash and hands the page a new port', async () => {
  const { app, page } = launched;
  await page.evaluate(() => {
    const seen: string[] = [];
    Reflect.set(window, 'seenByTest', seen);
    window.addEventListener('message', (event: MessageEvent<{ type?: string }>) => {
      if (event.data.type === 'tracewright:engine-port') seen.push('port');
    });
  });
  const pid = await app.evaluate(
    ({ app: main }) => main.getAppMetrics().find((metric) => metric.name === 'Tracewright engine')?.pid,
  );
  expect(pid).toBeGreaterThan(0);
  process.kill(pid ?? 0, 'SIGKILL');
  await expect.poll(() => page.evaluate(() => Reflect.get(window, 'seenByTest') as string[])).toContain('port');
});
