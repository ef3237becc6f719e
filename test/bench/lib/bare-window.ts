/** The baseline of what concerns the whole app: the same Electron with one window that shows an empty page. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { electronExecutable } from '../../support/launch-app.ts';

const MAIN = `
const { app, BrowserWindow } = require('electron');
app.setPath('userData', __dirname + '/data');
app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1400, height: 900, show: false, webPreferences: { sandbox: true } });
  window.once('ready-to-show', () => { window.show(); console.log('shown'); });
  window.loadURL('data:text/html,<p>empty</p>');
});
`;

export type BareWindow = {
  readonly process: ChildProcess;
  /** From the call to the first frame. */ readonly shownAfterMs: number;
};

export async function openBareWindow(folder: string): Promise<BareWindow> {
  const app = mkdtempSync(join(folder, 'bare-'));
  writeFileSync(join(app, 'main.cjs'), MAIN);
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'bare', version: '1.0.0', main: 'main.cjs' }));
  const started = performance.now();
  const child = spawn(electronExecutable(), [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), app], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (text: Buffer) => {
      if (text.toString().includes('shown')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`The bare Electron ended with code ${code}.`)));
  });
  return { process: child, shownAfterMs: performance.now() - started };
}
