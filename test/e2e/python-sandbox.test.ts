/** Python graders in the real sandbox: the hidden page of the app, as the command line starts it and as the engine asks for it. */
import { expect, test, type Page } from '@playwright/test';
import { resolve } from 'node:path';
import { pythonInElectron } from '../../src/main/sandbox/python/electron.ts';
import { createSandboxes, type Sandboxes } from '../../src/main/sandbox/sandboxes.ts';
import { gradeWith } from '../graders/escapes/grade-with.ts';
import { PYTHON_ESCAPES } from '../graders/escapes/python.ts';
import { watch, type Watched } from '../graders/escapes/watched.ts';
import { electronExecutable, launchApp } from '../support/launch-app.ts';

const root = resolve(import.meta.dirname, '..', '..');
const limits = { timeout_s: 3, memory_mb: 256 };
const GOOD = 'def grade(sample, item):\n    return float(sample["output_text"].startswith(item["reference"]))';

let sandboxes: Sandboxes;
let watched: Watched;

test.beforeAll(async () => {
  process.env.TRACEWRIGHT_ESCAPE_SECRET = 'secret';
  sandboxes = createSandboxes({ openPython: pythonInElectron(electronExecutable(), root) });
  watched = await watch();
});
test.afterAll(async () => {
  delete process.env.TRACEWRIGHT_ESCAPE_SECRET;
  await sandboxes.close();
  await watched.close();
});

test("OpenAI's documented example runs, with numbers, evidence and prints", async () => {
  test.setTimeout(120_000);
  const example = `from rapidfuzz import fuzz, utils

def grade(sample, item) -> float:
    print("compared")
    return fuzz.WRatio(sample["output_text"], item["reference"], processor=utils.default_process) / 100.0
`;
  const grade = await gradeWith(sandboxes.runCode, 'python', example, limits);
  expect(grade).toMatchObject({ status: 'graded', score: 1, passed: true, notes: { printed: 'compared\n' } });
  expect(grade.notes.environment).toContain('in the sandbox');

  const own = `def grade(sample, item):
    if item["reference"] != "Paris":
        return not_applicable("no reference")
    return verdict(len(trace["spans"]) / 2, label="half", evidence=[{"span_id": "s", "quote": "q", "note": "n"}])
`;
  expect(await gradeWith(sandboxes.runCode, 'python', own, limits)).toMatchObject({
    score: 0.5,
    label: 'half',
    evidence: [{ spanId: 's', quote: 'q', note: 'n' }],
  });
});

// Each needs an interpreter of its own, and one that was broken is replaced: a few seconds each on a busy machine.
const TOGETHER = 12;
const escapes = Object.entries(PYTHON_ESCAPES);
for (let first = 0; first < escapes.length; first += TOGETHER) {
  test(`escapes are errored grades, and the next grade is fine: from ${first + 1}`, async () => {
    test.setTimeout(420_000);
    const wrong: string[] = [];
    for (const [name, source] of escapes.slice(first, first + TOGETHER)) {
      const grade = await gradeWith(sandboxes.runCode, 'python', watched.aim(source), limits);
      if (grade.status !== 'errored' || grade.errors[0]?.flag !== 'python_grader_runtime_error')
        wrong.push(`${name}: ${JSON.stringify(grade).slice(0, 300)}`);
      if (JSON.stringify(grade).length > 20_000) wrong.push(`${name}: its grade is too long`);
      const next = await gradeWith(sandboxes.runCode, 'python', GOOD, limits);
      if (next.score !== 1) wrong.push(`${name}: then ${JSON.stringify(next).slice(0, 300)}`);
      for (const touched of watched.touched()) wrong.push(`${name}: ${touched}`);
    }
    expect(wrong).toEqual([]);
  });
}

test('the app grades a trace with Python, and goes on after a grader that broke its page', async () => {
  test.setTimeout(180_000);
  const launched = await launchApp();
  try {
    const { httpUrl } = (await ask(launched.page, 'engine.info', null)) as { readonly httpUrl: string };
    const traceId = 'trace_0000000000000000000000000000beef';
    const sent = await fetch(`${httpUrl}/v1/traces/ingest`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ data: [{ object: 'trace', id: traceId, workflow_name: 'graded' }] }),
    });
    expect(sent.ok).toBe(true);
    const grade = async (source: string): Promise<unknown> => {
      const definition = { type: 'python', name: 'one', source, timeout_s: 2 };
      const [tried] = (await ask(launched.page, 'grade.try', { definition, traceIds: [traceId] })) as [
        { readonly grade: unknown },
      ];
      return tried.grade;
    };
    const good = 'def grade(sample, item):\n    return verdict(trace["name"] == "graded", explanation=trace["id"])';
    expect(await grade(good)).toMatchObject({ status: 'graded', score: 1, explanation: traceId });
    expect(await grade('import os\ndef grade(sample, item):\n    os.abort()')).toMatchObject({ status: 'errored' });
    expect(await grade('def grade(sample, item):\n    while True: pass')).toMatchObject({ status: 'errored' });
    expect(await grade(good)).toMatchObject({ status: 'graded', score: 1 });
  } finally {
    await launched.close();
  }
});

/** Asks the app's engine over a port of its own, as the page does. */
function ask(page: Page, method: string, args: unknown): Promise<unknown> {
  return page.evaluate(
    ([method, args]) =>
      new Promise((resolve, reject) => {
        function hear(event: MessageEvent<{ readonly type?: string }>): void {
          const [port] = event.ports;
          if (event.data.type !== 'tracewright:engine-port' || !port) return;
          window.removeEventListener('message', hear);
          // The page listens at it too, and asks with small numbers.
          const id = 1_000_000_000;
          type Said = { id: number; verb: string; result: unknown; error: { message: string } };
          port.addEventListener('message', ({ data }: MessageEvent<Said>) => {
            if (data.id !== id) return;
            if (data.verb === 'answer') resolve(data.result);
            else reject(new Error(data.error.message));
          });
          port.start();
          port.postMessage({ verb: 'call', id, method, args });
        }
        window.addEventListener('message', hear);
        (window as unknown as { tracewright: { requestEnginePort(): void } }).tracewright.requestEnginePort();
      }),
    [method, args] as const,
  );
}
