/** The only code that runs beside the page with Electron's help. It forwards; it decides nothing. */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import {
  bridgeChannels,
  enginePortMessage,
  versionArgument,
  type Bridge,
  type BridgeCalls,
  type EngineState,
  type Unsubscribe,
} from '#shared/bridge.ts';

const bridge: Bridge = {
  requestEnginePort: () => void call('requestEnginePort'),
  onEngineState,
  chooseFiles: () => call('chooseFiles'),
  chooseFolder: () => call('chooseFolder'),
  pathForFile: (file) => webUtils.getPathForFile(file as File),
  chooseSavePath: (defaultName) => call('chooseSavePath', defaultName),
  openWorkspace: () => call('openWorkspace'),
  newWorkspace: () => call('newWorkspace'),
  setMenu: (model) => void call('setMenu', model),
  onMenuCommand: (listener) => listen<string>(bridgeChannels.menuCommand, listener),
  setTheme: (theme) => void call('setTheme', theme),
  setEndpointKey: (entry) => call('setEndpointKey', entry),
  ownPython: () => call('ownPython'),
  chooseOwnPython: () => call('chooseOwnPython'),
  forgetOwnPython: () => call('forgetOwnPython'),
  copyText: (text) => call('copyText', text),
  revealFile: (path) => call('revealFile', path),
  platform: process.platform,
  versions: {
    app: process.argv.find((argument) => argument.startsWith(versionArgument))?.slice(versionArgument.length) ?? '',
    electron: process.versions.electron,
    chrome: process.versions.chrome,
    node: process.versions.node,
  },
};

contextBridge.exposeInMainWorld('tracewright', bridge);

ipcRenderer.on(bridgeChannels.enginePort, (event) => {
  window.postMessage({ type: enginePortMessage }, '/', event.ports);
});

function call<Name extends keyof BridgeCalls>(
  name: Name,
  ...args: Parameters<BridgeCalls[Name]>
): Promise<ReturnType<BridgeCalls[Name]>> {
  return ipcRenderer.invoke(bridgeChannels.call, name, ...args) as Promise<ReturnType<BridgeCalls[Name]>>;
}

function listen<Payload>(channel: string, listener: (payload: Payload) => void): Unsubscribe {
  function forward(_event: unknown, payload: Payload): void {
    listener(payload);
  }
  ipcRenderer.on(channel, forward);
  return () => ipcRenderer.off(channel, forward);
}

function onEngineState(listener: (state: EngineState) => void): Unsubscribe {
  const unsubscribe = listen<EngineState>(bridgeChannels.engineState, listener);
  void call('engineState').then(listener);
  return unsubscribe;
}
