/** The app's windows. They show the same page and talk to the same engine, each over a port of its own. */
import { BrowserWindow, app, nativeTheme } from 'electron';
import { join } from 'node:path';
import { versionArgument } from '#shared/bridge.ts';
import { smallest } from './fit-into.ts';
import { readWindowState, rememberWindowState } from './window-state.ts';

/** A page that crashes again this soon would only crash once more. */
const calmAfter = 10_000;
/** The first frame may be late on a busy machine; an invisible app is worse than a blank one. */
const showAfter = 3_000;

export function openWindow(address: string, preload: string): BrowserWindow {
  const stateFile = join(app.getPath('userData'), 'window.json');
  const { bounds, maximized } = readWindowState(stateFile);
  const window = new BrowserWindow({
    ...bounds,
    minWidth: smallest.width,
    minHeight: smallest.height,
    show: false,
    title: 'Tracewright',
    // The page's own background, so that nothing flashes before its first frame.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#0f1216' : '#ffffff',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      // It would fetch dictionaries from the network.
      spellcheck: false,
      additionalArguments: [`${versionArgument}${app.getVersion()}`],
    },
  });
  if (maximized) window.maximize();
  rememberWindowState(window, stateFile);
  showWhenReady(window);
  reloadAfterCrash(window);
  window.loadURL(address).catch((error: unknown) => console.error(`The page did not load from ${address}:`, error));
  return window;
}

export function focusWindow(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

function showWhenReady(window: BrowserWindow): void {
  const late = setTimeout(() => window.show(), showAfter);
  window.once('ready-to-show', () => {
    clearTimeout(late);
    window.show();
  });
  window.once('closed', () => clearTimeout(late));
}

function reloadAfterCrash(window: BrowserWindow): void {
  let lastCrash = 0;
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || reason === 'killed') return;
    console.error(`The page ended: ${reason}.`);
    const calm = Date.now() - lastCrash > calmAfter;
    lastCrash = Date.now();
    if (calm) window.reload();
  });
}
