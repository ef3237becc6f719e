/** Takes from pages what this app never needs: other addresses, other windows, permissions, requests to the network. */
import { app, session, type WebContents } from 'electron';
import { pageOrigin } from './page-scheme.ts';

const localSchemes = new Set(['app:', 'data:', 'blob:', 'devtools:', 'chrome-extension:']);

/** @param devServer origin of the development server, which only an unpackaged app has */
export function lockDown(devServer: string | null): void {
  app.on('web-contents-created', (_event, contents) => lockDownContents(contents, devServer));
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  defaultSession.setPermissionCheckHandler(() => false);
  defaultSession.setDevicePermissionHandler(() => false);
  // The content security policy already forbids these; this also covers what no page asked for.
  defaultSession.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !isLocal(url, devServer) }));
}

export function isTrustedPage(url: string, devServer: string | null): boolean {
  return url.startsWith(`${pageOrigin}/`) || (devServer !== null && url.startsWith(`${devServer}/`));
}

/** The development server's origin, when there is one on this machine and the app is not packaged. */
export function devServerOf(env: NodeJS.ProcessEnv): string | null {
  const address = env.ELECTRON_RENDERER_URL;
  if (app.isPackaged || !address) return null;
  const { origin, hostname } = new URL(address);
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname) ? origin : null;
}

function lockDownContents(contents: WebContents, devServer: string | null): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.on('will-navigate', (event) => {
    if (!isTrustedPage(event.url, devServer)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    if (!isTrustedPage(event.url, devServer)) event.preventDefault();
  });
}

function isLocal(url: string, devServer: string | null): boolean {
  const { protocol, host } = new URL(url);
  return localSchemes.has(protocol) || (devServer !== null && host === new URL(devServer).host);
}
