/**
 * Serves the page from `app://tracewright/`: an origin of its own, so that `'self'` in the policy means our files and
 * nothing else on the disk. Nothing outside the page's folder can be read through it.
 */
import { protocol } from 'electron';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileFor } from './page-files.ts';

const scheme = 'app';
const host = 'tracewright';

export const pageUrl = `${scheme}://${host}/index.html`;
export const pageOrigin = `${scheme}://${host}`;

/** Of the hidden page that Python graders run in; served in its own session only: see python-host.ts. */
export const pythonScheme = 'python';
export const pythonOrigin = `${pythonScheme}://graders`;

/** Trace content is hostile: no script but ours, and no request to anywhere. Styles are inline because charts set them. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "media-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.wasm': 'application/wasm',
};

/** Must run before the app is ready, and once. */
export function registerPageScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, codeCache: true };
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges },
    { scheme: pythonScheme, privileges },
  ]);
}

export function servePage(folder: string): void {
  protocol.handle(scheme, async (request) => {
    const file = fileFor(request.url, host, folder);
    if (!file) return new Response('Not found', { status: 404 });
    try {
      return new Response(await readFile(file), {
        headers: {
          'content-type': contentTypes[extname(file)] ?? 'application/octet-stream',
          'content-security-policy': contentSecurityPolicy,
          'x-content-type-options': 'nosniff',
        },
      });
    } catch {
      return new Response('Not found', { status: 404 });
    }
  });
}
