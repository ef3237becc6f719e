import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Io } from './io.ts';

const FILE = 'workspace.tracewright';

/** The app's own workspace, unless told otherwise: `--workspace`, then TRACEWRIGHT_WORKSPACE. */
export function workspacePath(option: string | undefined, env: Io['env'], platform = process.platform): string {
  const told = option ?? env.TRACEWRIGHT_WORKSPACE;
  return told
    ? resolve(told)
    : join(env.TRACEWRIGHT_USER_DATA || join(configFolder(env, platform), 'tracewright'), FILE);
}

/** Where Electron keeps the settings of apps. */
function configFolder(env: Io['env'], platform: string): string {
  const home = env.HOME || homedir();
  if (platform === 'win32') return env.APPDATA || join(home, 'AppData', 'Roaming');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support');
  return env.XDG_CONFIG_HOME || join(home, '.config');
}
