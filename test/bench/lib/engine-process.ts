/** The engine as a process of its own, as the app runs it, so that the load generator does not share its thread. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export type EngineProcess = {
  readonly url: string;
  readonly pid: number;
  /** Ends it as the app does: what waits is committed first. */
  readonly stop: () => Promise<void>;
};

const script = join(import.meta.dirname, '..', '..', 'support', 'serve-engine.ts');

export async function startEngineProcess(workspace: string): Promise<EngineProcess> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, workspace], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // A run that is broken off leaves no engine behind.
  const end = (): boolean => child.kill('SIGKILL');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (data: Buffer) => resolve(data.toString().trim()));
    child.once('exit', (code) => reject(new Error(`The engine ended with code ${code} before it listened.`)));
  });
  return {
    url,
    pid: child.pid ?? 0,
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
