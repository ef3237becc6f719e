/** Starts the built app in the real Electron, with a workspace and settings of its own, on any free port. */
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export type LaunchedApp = {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** Everything that the app keeps; removed by `close` unless it was given. */
  readonly userData: string;
  readonly close: () => Promise<void>;
};

export type LaunchOptions = {
  readonly userData?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
};

const root = resolve(import.meta.dirname, '..', '..');

export async function launchApp({ userData, args = [], env = {} }: LaunchOptions = {}): Promise<LaunchedApp> {
  const folder = userData ?? (await mkdtemp(join(tmpdir(), 'tracewright-e2e-')));
  const app = await _electron.launch({
    executablePath: electronExecutable(),
    args: electronArguments(args),
    env: { ...definedEnvironment(), TRACEWRIGHT_USER_DATA: folder, TRACEWRIGHT_HTTP_PORT: '0', ...env },
  });
  const page = await app.firstWindow();
  return {
    app,
    page,
    userData: folder,
    async close() {
      await app.close();
      if (!userData) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The Electron that `npm run e2e` and `npm test` have set up. */
export function electronExecutable(): string {
  const executable = process.env.TRACEWRIGHT_ELECTRON;
  if (!executable) throw new Error('No Electron was set up for this test. Run it with: npm run e2e -- <file>');
  return executable;
}

export function electronArguments(args: readonly string[]): string[] {
  // Chromium's sandbox refuses to run as root.
  return [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), root, ...args];
}

function definedEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}
