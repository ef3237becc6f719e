/** What the figures were measured on. */
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';

export type Machine = {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  readonly electron: string | null;
  readonly date: string;
  /** Load over the last minute at the end of the run. */
  readonly load: number;
};

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    system: systemName(),
    node: process.versions.node,
    electron: electronVersion(),
    date: new Date().toISOString().slice(0, 10),
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}

function systemName(): string {
  const name = /^PRETTY_NAME="?([^"\n]+)/m.exec(readText('/etc/os-release'))?.[1];
  return name ?? `${platform()} ${release()}`;
}

function electronVersion(): string | null {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  return folder ? readText(join(folder, 'version')).trim().replace(/^v/, '') || null : null;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
