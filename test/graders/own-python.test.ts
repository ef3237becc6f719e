import { execFileSync } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { createSandboxes, type Sandboxes } from '../../src/main/sandbox/sandboxes.ts';
import { gradeWith } from './escapes/grade-with.ts';

function python(): string | null {
  try {
    return execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
}

const path = python();
let sandboxes: Sandboxes | null = null;
afterEach(async () => {
  await sandboxes?.close();
  sandboxes = null;
});

function grade(source: string, ownPython: string | null = path): ReturnType<typeof gradeWith> {
  sandboxes ??= createSandboxes({ ownPython });
  return gradeWith(sandboxes.runCode, 'python', source, { timeout_s: 2 });
}

it('refuses Python where nothing can run it safely, and says what to do', async () => {
  sandboxes = createSandboxes();
  expect(await grade('def grade(sample, item): return 1.0')).toMatchObject({
    status: 'errored',
    errors: [{ flag: 'python_grader_server_error', message: expect.stringContaining('npm run setup') as string }],
  });
  sandboxes = null;
});

describe.skipIf(path === null)('a Python of your own', () => {
  it('grades, and says that it is no sandbox', async () => {
    const source =
      'import sys\nfrom rapidfuzz import fuzz\ndef grade(sample, item):\n    print("seen")\n    return fuzz.ratio(sample["output_text"], item["reference"]) / 100';
    const first = await grade(source);
    expect(first).toMatchObject({ status: 'graded', notes: { printed: 'seen\n' } });
    expect(first.score).toBeCloseTo(10 / 11, 9);
    expect(first.notes.environment).toContain('not in a sandbox');
    expect(await grade(source)).toMatchObject({ score: first.score });
  });

  it.each([
    ['a loop', 'def grade(a, b):\n    while True: pass', 'took longer'],
    ['an exit', 'import os\ndef grade(a, b):\n    os._exit(3)', 'code 3'],
    ['an exception', 'def grade(a, b):\n    raise ValueError("no")', 'ValueError: no (grader.py:2)'],
    [
      'a flood past Python',
      'import os\ndef grade(a, b):\n    os.write(1, b"x" * 100000)\n    return "flood"',
      'type str',
    ],
    ['no Python', 'def grade(a, b)', 'SyntaxError'],
  ])('%s is an errored grade, and the next one is fine', async (_name, source, message) => {
    expect(await grade(source)).toMatchObject({
      status: 'errored',
      errors: [{ flag: 'python_grader_runtime_error', message: expect.stringContaining(message) as string }],
    });
    expect(await grade('def grade(a, b): return 1.0')).toMatchObject({ status: 'graded', score: 1 });
  });

  it('says when there is none at the path', async () => {
    sandboxes = createSandboxes({ ownPython: '/nowhere/python' });
    expect((await grade('def grade(a, b): return 1.0')).errors[0]).toMatchObject({
      flag: 'python_grader_server_error',
      message: expect.stringContaining('/nowhere/python') as string,
    });
    sandboxes = null;
  });
});
