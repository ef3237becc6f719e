/** Electron's main process: windows and the engine's life. It never touches trace data. */
import { BrowserWindow, app, nativeTheme, safeStorage } from 'electron';
import { join } from 'node:path';
import type { EngineState } from '#shared/bridge.ts';
import { pythonHostArgument } from '#shared/rpc/host.ts';
import { serveBridge, themeOf } from './bridge.ts';
import { createEndpointKeys } from './endpoint-keys.ts';
import { startEngine, type EngineProcess } from './engine-process.ts';
import { readJsonFile, writeJsonFile } from './json-file.ts';
import { devServerOf, isTrustedPage, lockDown } from './lock-down.ts';
import { showFirstMenu } from './menu.ts';
import { pageUrl, registerPageScheme, servePage } from './page-scheme.ts';
import { createPythonHost } from './python-host.ts';
import { createOwnPython } from './own-python.ts';
import { servePython } from './python-service.ts';
import { readSettings } from './settings.ts';
import { writableFolder } from './user-data.ts';
import { focusWindow, openWindow } from './windows.ts';

// Nothing here holds data that could be lost, so a bug is reported and the windows stay.
process.on('uncaughtException', (error) => console.error(error));
process.on('unhandledRejection', (reason) => console.error(reason));

const usual = process.env.TRACEWRIGHT_USER_DATA ?? app.getPath('userData');
// The app may run at the same time, and only one of them can have the usual folder. Nothing is kept in the other.
const home = process.argv.includes(pythonHostArgument) ? join(usual, 'python-host') : usual;
app.setPath('userData', writableFolder(home));
// Chromium's own requests to the network: none is wanted.
for (const name of [
  'disable-background-networking',
  'disable-component-update',
  'disable-domain-reliability',
  'no-pings',
])
  app.commandLine.appendSwitch(name);

if (process.argv.includes(pythonHostArgument)) {
  registerPageScheme();
  servePython(join(import.meta.dirname, '..'));
} else if (app.requestSingleInstanceLock()) {
  registerPageScheme();
  app.on('second-instance', () => focusFirstWindow());
  void app.whenReady().then(start);
} else {
  console.log('Tracewright is already running: its window comes to the front.');
  app.exit(0);
}

function start(): void {
  const out = join(import.meta.dirname, '..');
  const themeFile = join(app.getPath('userData'), 'theme.json');
  nativeTheme.themeSource = themeOf(readJsonFile(themeFile).theme);
  const devServer = devServerOf(process.env);
  lockDown(devServer);
  servePage(join(out, 'renderer'));
  showFirstMenu();

  const ownPython = createOwnPython(join(app.getPath('userData'), 'graders.json'));
  const bridge = serveBridge({
    engine: () => engine,
    isTrusted: (url) => isTrustedPage(url, devServer),
    rememberTheme: (theme) => writeJsonFile(themeFile, { theme }),
    ownPython,
  });
  const engine = startEngine(
    join(out, 'main', 'engine.js'),
    {
      ...readSettings(process.argv.slice(1), process.env, home),
      appVersion: app.getVersion(),
      ownPython: ownPython.path(),
    },
    createPythonHost(join(out, 'main', 'sandbox'), join(out, 'preload', 'python.cjs')),
    createEndpointKeys(join(app.getPath('userData'), 'endpoint-keys.json'), safeStorage),
    (state) => {
      printReady(state);
      bridge.announce(state);
    },
  );
  stopBeforeQuit(engine);

  const preload = join(out, 'preload', 'index.cjs');
  function open(): void {
    openWindow(devServer ? `${devServer}/` : pageUrl, preload);
  }
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) open();
  });
  open();
}

function focusFirstWindow(): void {
  const first = BrowserWindow.getAllWindows()[0];
  if (first) focusWindow(first);
}

/** The one line that scripts wait for. */
function printReady(state: EngineState): void {
  if (state.state === 'failed')
    console.error(`${state.error.message}${state.error.hint ? ` ${state.error.hint}` : ''}`);
  if (state.state !== 'ready') return;
  const { httpUrl, workspace, notice } = state.info;
  if (notice) console.error(notice);
  console.log(
    httpUrl
      ? `Tracewright collects at ${httpUrl} · workspace ${workspace}`
      : `Tracewright is ready, and collects nothing · workspace ${workspace}`,
  );
}

/** The engine may be in the middle of a write: the app waits for it, then quits. */
function stopBeforeQuit(engine: EngineProcess): void {
  let stopped = false;
  app.on('will-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    void engine.stop().finally(() => {
      stopped = true;
      app.quit();
    });
  });
}
