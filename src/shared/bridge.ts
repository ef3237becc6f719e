/**
 * What the preload script gives the page as `window.tracewright`. Everything about traces goes over the engine port
 * instead; this is only what needs the desktop: dialogs, menu, theme, clipboard, and news of the engine.
 *
 * The engine port cannot cross the context bridge, so it comes as a message of the page's own window:
 *
 *     window.addEventListener('message', (event) => {
 *       if (event.source === window && event.data?.type === enginePortMessage) useEnginePort(event.ports[0]);
 *     });
 *     window.tracewright.requestEnginePort();
 *
 * Ask after listening. A port is posted as soon as the engine is ready, and a new one after each restart of the engine:
 * drop the old one then.
 */
import type { KeyPlace } from './endpoint.ts';
import type { AppError } from './result.ts';
import type { ReadyInfo } from './rpc/host.ts';

/** `data.type` of the window message that carries the engine port. */
export const enginePortMessage = 'tracewright:engine-port';

export type EngineState =
  | { readonly state: 'starting' }
  | { readonly state: 'ready'; readonly info: ReadyInfo }
  /** It will not come up by itself: the workspace is locked or broken, or it crashed too often. */
  | { readonly state: 'failed'; readonly error: AppError }
  /** It ended without being asked to and is being started again. */
  | { readonly state: 'restarting'; readonly error: AppError };

export type Theme = 'system' | 'light' | 'dark';

/** Menu entries that the desktop itself carries out. */
export const menuRoles = [
  'undo',
  'redo',
  'cut',
  'copy',
  'paste',
  'selectAll',
  'reload',
  'toggleDevTools',
  'resetZoom',
  'zoomIn',
  'zoomOut',
  'togglefullscreen',
  'minimize',
  'close',
  'quit',
] as const;
export type MenuRole = (typeof menuRoles)[number];

export type MenuItem =
  | { readonly type: 'separator' }
  | { readonly type: 'role'; readonly role: MenuRole; readonly label?: string }
  | {
      readonly type?: 'command';
      readonly id: string;
      readonly label: string;
      /** Shown, not listened to: the page handles keys itself. Electron's notation, e.g. `CmdOrCtrl+Shift+K`. */
      readonly accelerator?: string;
      readonly enabled?: boolean;
    };
export type MenuModel = readonly { readonly label: string; readonly items: readonly MenuItem[] }[];

export type EndpointKeyEntry = {
  readonly endpointId: string;
  /** Address of the endpoint: the key is sent to its host and to no other. */
  readonly origin: string;
  /** Null takes it away. */
  readonly key: string | null;
};

export type Versions = {
  readonly app: string;
  readonly electron: string;
  readonly chrome: string;
  readonly node: string;
};

export type Unsubscribe = () => void;

export type Bridge = {
  /** Asks for engine ports, see the head of this file. */
  readonly requestEnginePort: () => void;
  /** Calls back at once with the present state, then at each change. */
  readonly onEngineState: (listener: (state: EngineState) => void) => Unsubscribe;
  /** Paths of files to import; empty when the dialog was cancelled. */
  readonly chooseFiles: () => Promise<string[]>;
  /** A folder to import; null when the dialog was cancelled. */
  readonly chooseFolder: () => Promise<string | null>;
  /** The path of a DOM File that was dropped on the page; empty for one that is on no disk. */
  readonly pathForFile: (file: object) => string;
  readonly chooseSavePath: (defaultName: string) => Promise<string | null>;
  /** Lets the user choose a workspace and restarts the engine on it; null when the dialog was cancelled. */
  readonly openWorkspace: () => Promise<string | null>;
  readonly newWorkspace: () => Promise<string | null>;
  readonly setMenu: (model: MenuModel) => void;
  readonly onMenuCommand: (listener: (id: string) => void) => Unsubscribe;
  readonly setTheme: (theme: Theme) => void;
  /** Keeps the key of a judge endpoint; answers where. */
  readonly setEndpointKey: (entry: EndpointKeyEntry) => Promise<KeyPlace>;
  /** Path of the Python that graders run in outside of the sandbox; null = in the sandbox, as unless the user chose otherwise. */
  readonly ownPython: () => Promise<string | null>;
  /** Warns, and lets the user choose one; null when nothing was chosen. */
  readonly chooseOwnPython: () => Promise<string | null>;
  readonly forgetOwnPython: () => Promise<void>;
  readonly copyText: (text: string) => Promise<void>;
  /** Shows the file in the desktop's file manager. */
  readonly revealFile: (path: string) => Promise<void>;
  readonly platform: string;
  readonly versions: Versions;
};

/** The calls behind the bridge: preload invokes them by name, main answers. Arguments arrive there unchecked. */
export type BridgeCalls = {
  readonly requestEnginePort: () => void;
  readonly engineState: () => EngineState;
  readonly chooseFiles: () => string[];
  readonly chooseFolder: () => string | null;
  readonly chooseSavePath: (defaultName: string) => string | null;
  readonly openWorkspace: () => string | null;
  readonly newWorkspace: () => string | null;
  readonly setMenu: (model: MenuModel) => void;
  readonly setTheme: (theme: Theme) => void;
  readonly setEndpointKey: (entry: EndpointKeyEntry) => KeyPlace;
  readonly ownPython: () => string | null;
  readonly chooseOwnPython: () => string | null;
  readonly forgetOwnPython: () => void;
  readonly copyText: (text: string) => void;
  readonly revealFile: (path: string) => void;
};

/** Electron channels, used by the preload script and by `src/main/app/bridge.ts` and nobody else. */
export const bridgeChannels = {
  call: 'tracewright:call',
  enginePort: 'tracewright:engine-port',
  engineState: 'tracewright:engine-state',
  menuCommand: 'tracewright:menu-command',
} as const;

/** Passed to the preload script, which cannot ask for the app's version. */
export const versionArgument = '--tracewright-version=';
