/** Runs one client against a fresh engine and a fresh model, in a folder of its own that is removed afterwards. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createEngine } from '../../src/main/engine/create-engine.ts';
import type { Client, Expected } from './client.ts';
import { look, printed, runProgram, shellScript, type Seen } from './harness.ts';
import { startModel } from './obedient-model.ts';

export type Verdict = { readonly seen: Seen; readonly problems: readonly string[]; readonly output: string };

const SECONDS = 120;
/** Clients send what they hold back when they end; logs-only clients a moment later. */
const PATIENCE_MS = 10_000;

/** @param installed the folder with `bin/python` or `node_modules` */
export async function runClient(client: Client, installed: string): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), `tracewright-interop-${client.id}-`));
  const model = await startModel(client.model);
  const created = await createEngine({ workspace: join(folder, 'w.tracewright'), httpPort: 0, appVersion: 'interop' });
  if (!created.ok) throw new Error(created.error.message);
  const engine = created.value;
  try {
    const home = join(folder, 'home');
    const work = join(folder, 'work');
    mkdirSync(home);
    cpSync(join(import.meta.dirname, client.folder), work, { recursive: true });
    if (client.install.kind === 'npm') symlinkSync(join(installed, 'node_modules'), join(work, 'node_modules'));
    const text = printed(client.snippet, engine.info().httpUrl ?? '');
    const script = join(work, 'run.sh');
    writeFileSync(script, shellScript(place(client, work, home, text), client.command));
    const { code, output } = await runProgram('sh', [script], {
      cwd: work,
      seconds: SECONDS,
      env: {
        HOME: home,
        MODEL_URL: model.url,
        CLIENT_FOLDER: work,
        PYTHON: join(installed, 'bin', 'python'),
        BIN: join(installed, 'node_modules', '.bin'),
        NODE: process.execPath,
        ...client.env?.(model.url, home),
      },
    });
    let seen = await look(engine);
    for (const until = Date.now() + PATIENCE_MS; Date.now() < until && compare(seen, client.expect).length > 0;) {
      await sleep(250);
      seen = await look(engine);
    }
    const problems = compare(seen, client.expect);
    if (code !== 0) problems.unshift(`it ended with code ${code}`);
    return { seen, problems, output };
  } finally {
    await engine.close();
    await model.close();
    if (process.env.INTEROP_KEEP !== '1') rmSync(folder, { recursive: true, force: true });
  }
}

/** Puts the snippet where a person would paste it; what the shell has to run before the client comes back. */
function place(client: Client, work: string, home: string, text: string): string {
  switch (extname(client.snippet)) {
    case '.sh':
      return text;
    case '.py': {
      const main = join(work, 'main.py');
      writeFileSync(main, `${text}\n\n${readFileSync(main, 'utf8')}`);
      return '';
    }
    case '.mjs':
      writeFileSync(join(work, 'snippet.mjs'), `${text}\n`);
      return '';
    case '.toml':
      mkdirSync(join(home, '.codex'), { recursive: true });
      writeFileSync(join(home, '.codex', 'config.toml'), `${text}\n`);
      return '';
    default:
      throw new Error(`nobody knows where ${client.snippet} is pasted`);
  }
}

export function compare(seen: Seen, expected: Expected): string[] {
  const problems: string[] = [];
  for (const key of ['agents', 'tools', 'failed'] as const) {
    const wanted = expected[key];
    if (wanted && JSON.stringify(seen[key]) !== JSON.stringify(wanted)) {
      problems.push(`${key}: ${seen[key].join(', ') || 'none'} instead of ${wanted.join(', ') || 'none'}`);
    }
  }
  for (const key of ['generations', 'readable'] as const) {
    const wanted = expected[key];
    if (wanted !== undefined && seen[key] < wanted) problems.push(`${key}: ${seen[key]} instead of ${wanted}`);
  }
  if (expected.tokens !== undefined && seen.tokens !== expected.tokens) {
    problems.push(`tokens: ${seen.tokens} instead of ${expected.tokens}`);
  }
  return problems;
}
