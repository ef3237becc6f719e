/** A fresh engine on a temporary workspace; everything is removed afterwards. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Engine, EngineOptions } from '../../src/main/engine/create-engine.ts';
import { createEngine } from '../../src/main/engine/create-engine.ts';

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tracewright-test-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

export async function startEngine(options: Partial<EngineOptions> = {}): Promise<Engine> {
  const workspace = options.workspace ?? join(temporaryFolder(), 'test.tracewright');
  const created = await createEngine({ httpPort: 0, appVersion: 'test', ...options, workspace });
  if (!created.ok) throw new Error(`${created.error.code}: ${created.error.message}`);
  onTestFinished(() => created.value.close());
  return created.value;
}

export function endpoint(engine: Engine, path: string): string {
  const url = engine.info().httpUrl;
  if (url === null) throw new Error('the engine does not collect');
  return url + path;
}
