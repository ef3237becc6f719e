/**
 * Runs Python graders in a Python of the user's own, for those who need its packages. This is NO sandbox: the code has every
 * right that the user has. It is there only for who asked for it by name, and what it answers says so.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { CodeAnswer, CodeRequest } from '../../graders/types.ts';
import { readAnswer, runtimeFault, serverFault, timedOut } from '../answers.ts';
import type { CodeRunner } from '../runner.ts';

const START_MS = 30_000;
const LONGEST_LINE = 4 * 1024 * 1024;

/**
 * Reads the modules, then one request in each line; answers one line for each on a descriptor that the grader does not
 * print to. The stand-in for rapidfuzz is used only where the real package is missing.
 */
const LOOP = `
import importlib.util, json, os, sys, types
said = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)
files = json.loads(sys.stdin.buffer.readline())
class Finder:
    def find_spec(self, name, path=None, target=None):
        place = name.replace(".", "/")
        for file, package in ((place + "/__init__.py", True), (place + ".py", False)):
            if file in files:
                return importlib.util.spec_from_loader(name, Loader(file), is_package=package)
class Loader:
    def __init__(self, file):
        self.file = file
    def create_module(self, spec):
        return None
    def exec_module(self, module):
        exec(compile(files[self.file], self.file, "exec"), module.__dict__)
sys.meta_path.append(Finder())
own = types.ModuleType("tracewright_runner")
exec(compile(files["runner.py"], "runner.py", "exec"), own.__dict__)
said.write(json.dumps({"python": sys.version.split()[0]}) + "\\n")
said.flush()
for line in sys.stdin.buffer:
    asked = json.loads(line)
    text = own.run(asked["source"], asked["sample"], asked["item"], asked["globals"], "")
    said.write(text.replace("\\n", " ") + "\\n")
    said.flush()
`;

type Waiting = { readonly request: CodeRequest; readonly settle: (answer: CodeAnswer) => void };

export function createOwnPythonRunner(path: string, files: Readonly<Record<string, string>> | null): CodeRunner {
  let child: ChildProcess | null = null;
  /** Graders must not change what another one finds: each has a process of its own. */
  let source: string | null = null;
  let version: string | null = null;
  let current: Waiting | null = null;
  let waiting: Waiting[] = [];
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  function next(): void {
    if (current || closed) return;
    const call = waiting.shift();
    if (!call) return;
    current = call;
    if (child && source !== call.request.source) stop();
    if (child) ask(call);
    else start(call);
  }

  function start(call: Waiting): void {
    if (!files) return settle(serverFault('The files of Python graders are not beside the app: build it again.'));
    source = call.request.source;
    const started = spawn(path, ['-u', '-c', LOOP], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...process.env, PYTHONIOENCODING: 'utf-8', PYTHONDONTWRITEBYTECODE: '1' },
      windowsHide: true,
      // A group of its own: what the grader starts ends with it.
      detached: process.platform !== 'win32',
    });
    child = started;
    started.on('error', (error) => {
      if (child === started) lost(`It could not be started: ${error.message}.`);
    });
    started.on('exit', (code, signal) => {
      if (child === started) lost(`It ended with ${signal ?? `code ${code}`}.`);
    });
    started.stdin.on('error', () => undefined);
    createInterface({ input: started.stdout }).on('line', (line) => {
      if (child === started) hear(line);
    });
    timer = setTimeout(() => lost('It did not start in time.'), START_MS);
    started.stdin.write(`${JSON.stringify(files)}\n`);
  }

  function hear(line: string): void {
    if (version === null) {
      clearTimeout(timer);
      version = /"python": "([\w.+-]{1,40})"/.exec(line)?.[1] ?? 'of an unknown version';
      if (current) ask(current);
      return;
    }
    const answer = line.length > LONGEST_LINE ? runtimeFault('The grader said too much.') : readAnswer(line);
    settle(
      answer.ok ? { ...answer, environment: `Python ${version} of your own, not in a sandbox (${path})` } : answer,
    );
  }

  function ask({ request }: Waiting): void {
    const { timeoutMs, sample, item, globals = '{}' } = request;
    timer = setTimeout(() => {
      stop();
      settle(timedOut(timeoutMs));
    }, timeoutMs);
    child?.stdin?.write(`${JSON.stringify({ source: request.source, sample, item, globals })}\n`);
  }

  /** It ended without being asked to. */
  function lost(why: string): void {
    const began = version !== null;
    stop();
    if (!current) return;
    settle(began ? runtimeFault(`The grader ended its Python. ${why}`) : serverFault(`No Python at ${path}. ${why}`));
  }

  function settle(answer: CodeAnswer): void {
    clearTimeout(timer);
    const call = current;
    current = null;
    call?.settle(answer);
    next();
  }

  function stop(): void {
    clearTimeout(timer);
    const ending = child;
    child = null;
    version = null;
    if (ending) endGroup(ending);
  }

  return {
    run(request, signal) {
      if (closed) return Promise.resolve(serverFault('The app is closing.'));
      return new Promise((resolve, reject) => {
        const call: Waiting = {
          request,
          settle(answer) {
            signal.removeEventListener('abort', abort);
            resolve(answer);
          },
        };
        function abort(): void {
          waiting = waiting.filter((each) => each !== call);
          reject(signal.reason instanceof Error ? signal.reason : new Error('Cancelled.'));
          if (current !== call) return;
          stop();
          settle(runtimeFault('Cancelled.'));
        }
        if (signal.aborted) return abort();
        signal.addEventListener('abort', abort, { once: true });
        waiting.push(call);
        next();
      });
    },
    async close() {
      closed = true;
      const left = [...waiting, ...(current ? [current] : [])];
      waiting = [];
      current = null;
      stop();
      for (const call of left) call.settle(serverFault('The app is closing.'));
    },
  };
}

function endGroup(child: ChildProcess): void {
  try {
    if (child.pid && process.platform !== 'win32') process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch {
    // It ended before.
  }
}
