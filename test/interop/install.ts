/** Installs clients into a cache outside the project, each set once. */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './harness.ts';
import type { Install } from './client.ts';

export type Installed =
  | { readonly ok: true; readonly folder: string; readonly version: string }
  | { readonly ok: false; readonly why: string };

const cache =
  process.env.TRACEWRIGHT_INTEROP_CACHE ??
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'tracewright', 'interop');
const SECONDS = 540;
/** After one registry did not answer, the others of its kind are not waited for. */
const unreachable = new Map<Install['kind'], string>();

export async function install(what: Install): Promise<Installed> {
  const set = what.kind === 'pip' ? what.venv : what.folder;
  const digest = createHash('sha256').update(what.packages.join(' ')).digest('hex').slice(0, 8);
  const folder = join(cache, `${what.kind}-${set}-${digest}`);
  if (!existsSync(join(folder, 'installed'))) {
    const known = unreachable.get(what.kind);
    if (known !== undefined) return { ok: false, why: known };
    mkdirSync(cache, { recursive: true });
    rmSync(folder, { recursive: true, force: true });
    const why = what.kind === 'pip' ? await pipInstall(folder, what.packages) : await npmInstall(folder, what.packages);
    if (why !== null) {
      rmSync(folder, { recursive: true, force: true });
      if (/not reachable|no python3/.test(why)) unreachable.set(what.kind, why);
      return { ok: false, why };
    }
    writeFileSync(join(folder, 'installing'), '');
    renameSync(join(folder, 'installing'), join(folder, 'installed'));
  }
  return { ok: true, folder, version: await versionOf(what, folder) };
}

/** Null when it worked, else one sentence. */
async function pipInstall(folder: string, packages: readonly string[]): Promise<string | null> {
  const venv = await runProgram('sh', ['-c', 'python3 -m venv "$0"', folder], { cwd: cache, env: {}, seconds: 60 });
  if (venv.code !== 0) return `no python3 with venv: ${lastLine(venv.output)}`;
  const pip = await runProgram(
    join(folder, 'bin', 'pip'),
    ['install', '--quiet', '--disable-pip-version-check', '--retries', '1', '--timeout', '20', ...packages],
    { cwd: cache, env: {}, seconds: SECONDS },
  );
  if (pip.code === 0) return null;
  const isAway = /Could not connect|NewConnectionError|Name or service not known|timed out|Max retries/i.test(
    pip.output,
  );
  return isAway ? 'PyPI is not reachable' : `pip: ${lastLine(pip.output)}`;
}

async function npmInstall(folder: string, packages: readonly string[]): Promise<string | null> {
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
  const npm = await runProgram(
    'sh',
    ['-c', 'npm install --no-audit --no-fund --loglevel=error "$@"', 'npm', ...packages],
    { cwd: folder, env: {}, seconds: SECONDS },
  );
  if (npm.code === 0) return null;
  const isAway = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|network/i.test(npm.output);
  return isAway ? 'the npm registry is not reachable' : `npm: ${lastLine(npm.output)}`;
}

async function versionOf(what: Install, folder: string): Promise<string> {
  const name = what.packages[0] ?? '';
  if (what.kind === 'npm') {
    const { output } = await runProgram('sh', ['-c', 'npm ls --depth=0 --parseable --long 2>/dev/null'], {
      cwd: folder,
      env: {},
      seconds: 30,
    });
    const bare = name.replace(/(.)@.*$/, '$1');
    return new RegExp(`:${bare.replace(/[/.]/g, '\\$&')}@([^:\\s]+)`).exec(output)?.[1] ?? '';
  }
  const code = 'import importlib.metadata as m, sys; print(m.version(sys.argv[1]))';
  const { output } = await runProgram(join(folder, 'bin', 'python'), ['-c', code, name.replace(/[[<>=].*$/, '')], {
    cwd: folder,
    env: {},
    seconds: 30,
  });
  return lastLine(output);
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim() ?? '';
}
