/**
 * The desktop's side of the page. Views take it from here, so that a page without the preload script (a component
 * test, a plain browser during development) still draws.
 */
import type { Bridge } from '#shared/bridge.ts';

const absent: Bridge = {
  requestEnginePort: () => undefined,
  onEngineState: () => () => undefined,
  chooseFiles: () => Promise.resolve([]),
  chooseFolder: () => Promise.resolve(null),
  pathForFile: () => '',
  chooseSavePath: () => Promise.resolve(null),
  openWorkspace: () => Promise.resolve(null),
  newWorkspace: () => Promise.resolve(null),
  setMenu: () => undefined,
  onMenuCommand: () => () => undefined,
  setTheme: () => undefined,
  setEndpointKey: () => Promise.resolve('session'),
  ownPython: () => Promise.resolve(null),
  chooseOwnPython: () => Promise.resolve(null),
  forgetOwnPython: () => Promise.resolve(),
  copyText: (text) => navigator.clipboard.writeText(text),
  revealFile: () => Promise.resolve(),
  platform: 'linux',
  versions: { app: '', electron: '', chrome: '', node: '' },
};

export const bridge: Bridge =
  typeof window === 'undefined' ? absent : ((window as { readonly tracewright?: Bridge }).tracewright ?? absent);
export const isMac = bridge.platform === 'darwin';
