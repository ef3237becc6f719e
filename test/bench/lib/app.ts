/** The built app in the real Electron, on a workspace that a benchmark has prepared. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { LaunchedApp } from '../../support/launch-app.ts';
import { launchApp } from '../../support/launch-app.ts';

/** Opens the app on the Traces view; `workspace` null = an empty one. */
export async function openApp(folder: string, workspace: string | null): Promise<LaunchedApp> {
  const userData = mkdtempSync(join(folder, 'app-'));
  const env: Record<string, string> = workspace ? { TRACEWRIGHT_WORKSPACE: workspace } : {};
  const launched = await launchApp({ userData, env });
  await launched.page.setViewportSize({ width: 1400, height: 900 }).catch(() => undefined);
  await launched.page.evaluate(() => {
    location.hash = '#/traces';
  });
  await launched.page.waitForSelector(workspace ? '[role=grid] [data-trace]' : 'main, [role=main]', {
    timeout: 30_000,
  });
  return {
    ...launched,
    async close() {
      await launched.close();
      rmSync(userData, { recursive: true, force: true });
    },
  };
}

/** Megabytes of the process that draws the window. */
export async function memoryOfWindow({ app }: LaunchedApp): Promise<number> {
  const pid = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId());
  return proportionalSize(pid ?? 0) / 1_024;
}

/** Megabytes of a process and all below it: pages that several share count in parts. */
export function memoryOfTree(root: number): number {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const parent = parentOf(pid);
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  let kilobytes = 0;
  const waiting = [root];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    kilobytes += proportionalSize(pid);
    waiting.push(...(children.get(pid) ?? []));
  }
  return kilobytes / 1_024;
}

function parentOf(pid: number): number | null {
  try {
    // The name in parentheses may itself hold spaces and parentheses.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, '').trim().split(' ');
    return Number(fields[1]);
  } catch {
    return null;
  }
}

function proportionalSize(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
