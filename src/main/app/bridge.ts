/** Answers the preload script. Callers are pages: every sender and every argument is checked. */
import { BrowserWindow, clipboard, dialog, ipcMain, nativeTheme, shell, type IpcMainInvokeEvent } from 'electron';
import { isAbsolute } from 'node:path';
import {
  bridgeChannels,
  type BridgeCalls,
  type EndpointKeyEntry,
  type EngineState,
  type Theme,
} from '#shared/bridge.ts';
import type { EngineProcess } from './engine-process.ts';
import { toMenuModel } from './menu-model.ts';
import { showMenu } from './menu.ts';
import type { OwnPython } from './own-python.ts';

export type BridgeHost = {
  readonly engine: () => EngineProcess;
  readonly isTrusted: (url: string) => boolean;
  readonly rememberTheme: (theme: Theme) => void;
  readonly ownPython: OwnPython;
};

export type BridgeServer = {
  readonly announce: (state: EngineState) => void;
};

type Handlers = {
  readonly [Name in keyof BridgeCalls]: (
    window: BrowserWindow,
    argument: unknown,
  ) => ReturnType<BridgeCalls[Name]> | Promise<ReturnType<BridgeCalls[Name]>>;
};

const workspaceFilters = [{ name: 'Tracewright workspace', extensions: ['tracewright'] }];

export function serveBridge(host: BridgeHost): BridgeServer {
  /** Windows whose page has asked for engine ports and has not been left since. */
  const connected = new Set<BrowserWindow>();
  const handlers: Handlers = {
    requestEnginePort(window) {
      if (!connected.has(window)) window.once('closed', () => connected.delete(window));
      connected.add(window);
      sendPort(window);
    },
    engineState: () => host.engine().state(),
    chooseFiles: async (window) => (await openDialog(window, ['openFile', 'multiSelections'])) ?? [],
    chooseFolder: async (window) => (await openDialog(window, ['openDirectory']))?.[0] ?? null,
    chooseSavePath: (window, name) => saveDialog(window, textOf(name)),
    async openWorkspace(window) {
      return await switchWorkspace((await openDialog(window, ['openFile'], workspaceFilters))?.[0] ?? null);
    },
    async newWorkspace(window) {
      return await switchWorkspace(await saveDialog(window, 'traces.tracewright', workspaceFilters));
    },
    setMenu(window, model) {
      const checked = toMenuModel(model);
      if (!checked) throw new TypeError('setMenu: this is not a menu model');
      showMenu(checked, (id) => window.webContents.send(bridgeChannels.menuCommand, id));
    },
    setTheme(_window, theme) {
      nativeTheme.themeSource = themeOf(theme);
      host.rememberTheme(nativeTheme.themeSource);
    },
    setEndpointKey(_window, entry) {
      const { endpointId, origin, key } = keyOf(entry);
      return host.engine().setKey(endpointId, origin, key);
    },
    ownPython: () => host.ownPython.path(),
    async chooseOwnPython(window) {
      const path = await host.ownPython.choose(window);
      if (path !== null) host.engine().setOwnPython(path);
      return path;
    },
    forgetOwnPython() {
      host.ownPython.forget();
      host.engine().setOwnPython(null);
    },
    copyText: (_window, text) => clipboard.writeText(textOf(text)),
    revealFile(_window, path) {
      if (isAbsolute(textOf(path))) shell.showItemInFolder(textOf(path));
    },
  };

  ipcMain.handle(bridgeChannels.call, (event, name: unknown, argument: unknown) => {
    const window = trustedWindow(event);
    if (!window || !isCall(name, handlers)) throw new Error('Refused');
    return handlers[name](window, argument);
  });

  return {
    announce(state) {
      for (const window of BrowserWindow.getAllWindows()) window.webContents.send(bridgeChannels.engineState, state);
      if (state.state === 'ready') for (const window of connected) sendPort(window);
    },
  };

  function sendPort(window: BrowserWindow): void {
    const port = host.engine().connect();
    if (port) window.webContents.postMessage(bridgeChannels.enginePort, null, [port]);
  }

  async function switchWorkspace(file: string | null): Promise<string | null> {
    if (file) await host.engine().switchTo(file);
    return file;
  }

  /** Only the main frame of one of our windows showing our page may ask. */
  function trustedWindow(event: IpcMainInvokeEvent): BrowserWindow | null {
    const frame = event.senderFrame;
    if (!frame || frame.parent !== null || !host.isTrusted(frame.url)) return null;
    return BrowserWindow.fromWebContents(event.sender);
  }
}

async function openDialog(
  window: BrowserWindow,
  properties: Electron.OpenDialogOptions['properties'],
  filters?: Electron.FileFilter[],
): Promise<string[] | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, { properties, filters });
  return canceled ? null : filePaths;
}

async function saveDialog(
  window: BrowserWindow,
  defaultPath: string,
  filters?: Electron.FileFilter[],
): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, { defaultPath, filters });
  return canceled || !filePath ? null : filePath;
}

function isCall(name: unknown, handlers: Handlers): name is keyof BridgeCalls {
  return typeof name === 'string' && Object.hasOwn(handlers, name);
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('Expected text');
  return value;
}

const longestKey = 10_000;

function keyOf(value: unknown): EndpointKeyEntry {
  const { endpointId, origin, key } =
    typeof value === 'object' && value !== null ? (value as Partial<EndpointKeyEntry>) : {};
  const isKey = key === null || (typeof key === 'string' && key !== '' && key.length <= longestKey);
  if (!isKey) throw new TypeError('setEndpointKey: this is no key');
  return { endpointId: textOf(endpointId), origin: new URL(textOf(origin)).origin, key };
}

export function themeOf(value: unknown): Theme {
  return value === 'light' || value === 'dark' ? value : 'system';
}
