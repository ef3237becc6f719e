/** What the sandboxes cost: 1,000 traces of 50 spans with a grader of code, and the memory that 10,000 grades leave behind. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { GraderDefinition, Subject } from '../../src/shared/grader.ts';
import { gradeSubject } from '../../src/main/graders/grade.ts';
import type { GradeServices } from '../../src/main/graders/types.ts';
import { pythonInElectron } from '../../src/main/sandbox/python/electron.ts';
import { createSandboxes } from '../../src/main/sandbox/sandboxes.ts';
import { electronExecutable } from '../support/launch-app.ts';
import type { Benchmark, Figure } from './figure.ts';
import { figure } from './figure.ts';

const TRACES = 1_000;
const SPANS = 50;
const LEAK_GRADES = 10_000;

const JAVASCRIPT: GraderDefinition = {
  type: 'javascript',
  name: 'tools',
  source: `function grade(sample, item) {
  return trace.spans.filter((span) => span.kind === 'tool' && span.output.length > 10).length / trace.spans.length;
}`,
};
const PYTHON: GraderDefinition = {
  type: 'python',
  name: 'tools',
  source: `def grade(sample, item):
    return sum(span["kind"] == "tool" and len(span["output"]) > 10 for span in trace["spans"]) / len(trace["spans"])
`,
};

export const code: Benchmark = {
  id: 'code',
  method: `${TRACES.toLocaleString('en-US')} made traces of ${SPANS} spans, each span with 400 characters in and out, graded one after the other with a grader that looks at every span: in QuickJS, and in Pyodide in the hidden page as the command line has it. The start is told apart. Memory: of this process after a first 1,000 grades and after ${LEAK_GRADES.toLocaleString('en-US')} more, and of all processes of the page likewise. Baseline: the same rule as a function of this process, on the same JSON.`,
  async run({ say }): Promise<readonly Figure[]> {
    const subjects = Array.from({ length: TRACES }, (_, at) => subject(at));
    const direct = await time(async () => {
      for (const { trace } of subjects) {
        const { spans } = JSON.parse(JSON.stringify(trace)) as { spans: { kind: string; output: string }[] };
        if (spans.filter((span) => span.kind === 'tool' && span.output.length > 10).length === 0)
          throw new Error('none');
      }
    });
    const baseline = { name: 'the rule in this process', value: direct, unit: 's' } as const;
    const sandboxes = createSandboxes({
      openPython: pythonInElectron(electronExecutable(), resolve(import.meta.dirname, '../..')),
    });
    const all = (definition: GraderDefinition, some = subjects): Promise<number> =>
      time(async () => {
        for (const each of some) await grade(sandboxes.runCode, definition, each);
      });
    try {
      const figures: Figure[] = [];
      say('JavaScript…');
      figures.push(figure('JavaScript: first grade', await all(JAVASCRIPT, subjects.slice(0, 1)), 's', null));
      figures.push(figure('JavaScript: 1,000 traces', await all(JAVASCRIPT), 's', { below: 6 }, baseline));
      const before = megabytes(process.pid);
      for (let round = 0; round < LEAK_GRADES / TRACES; round++) await all(JAVASCRIPT);
      figures.push(
        figure('JavaScript: growth over 10,000 grades', megabytes(process.pid) - before, 'MB', { below: 20 }),
      );
      say('Python…');
      figures.push(figure('Python: start and first grade', await all(PYTHON, subjects.slice(0, 1)), 's', null));
      figures.push(figure('Python: 1,000 traces', await all(PYTHON), 's', { below: 10 }, baseline));
      const page = pageMegabytes();
      for (let round = 0; round < LEAK_GRADES / TRACES; round++) await all(PYTHON);
      figures.push(figure('Python: growth over 10,000 grades', pageMegabytes() - page, 'MB', { below: 20 }));
      return figures;
    } finally {
      await sandboxes.close();
    }
  },
};

async function grade(runCode: GradeServices['runCode'], definition: GraderDefinition, each: Subject): Promise<void> {
  const refuse = (): Promise<never> => Promise.reject(new Error('no model is asked'));
  const services = { runCode, judge: refuse, embed: refuse, now: () => performance.now() };
  const { status, explanation } = await gradeSubject(definition, each, services, new AbortController().signal);
  if (status !== 'graded') throw new Error(explanation);
}

async function time(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1_000;
}

function megabytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024;
}

/** The largest of the children of the Electron that this process started: the page with Python in it. */
function pageMegabytes(): number {
  const children = (pid: number): number[] => {
    try {
      const found = execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
        .trim()
        .split('\n')
        .map(Number);
      return [...found, ...found.flatMap(children)];
    } catch {
      return [];
    }
  };
  return Math.max(0, ...children(process.pid).map(megabytes));
}

function subject(at: number): Subject {
  const spans = Array.from({ length: SPANS }, (_, index) => ({
    id: `${at}-${index}`,
    kind: index % 3 === 0 ? 'tool' : 'generation',
    name: `step ${index}`,
    input: `${at}-${index} `.repeat(400 / 8),
    output: `${index}-${at} `.repeat(400 / 8),
  }));
  return { item: {}, sample: { output_text: 'done' }, trace: { id: String(at), spans } } as unknown as Subject;
}
