/** Large files and many files: how fast they are read, and that memory does not grow with them. */
import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream, cpSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { otlpJson } from '../support/encode.ts';
import { makeTrace } from '../support/make-trace.ts';
import type { BenchContext, Benchmark, Figure } from './figure.ts';
import { figure } from './figure.ts';

/** A tenth of a gigabyte shows what a gigabyte does: set BENCH_IMPORT_MB=1000 for the whole. */
const MEGABYTES = Number(process.env.BENCH_IMPORT_MB ?? 100);
const SPANS_PER_TRACE = 500;
const FOLDER_BYTES = 17e6;
const FIXTURES = join(import.meta.dirname, '..', 'fixtures', 'formats');
const CHILD = join(import.meta.dirname, 'lib', 'import-child.ts');

export const importing: Benchmark = {
  id: 'import',
  method: `A process of its own imports ${MEGABYTES} MB of made traces as OTLP, as JSON lines and as one JSON document, and a folder of about 17 MB of small files of all formats (the fixtures, again and again under other names). Memory is the peak resident size of that process. The event loop's longest pause is what a cancel or a view may wait. Baseline: JSON.parse of the same lines and nothing else.`,
  async run(context) {
    const lines = await measureFile(context, 'JSON lines');
    const whole = await measureFile(context, 'one document');
    return [...lines, ...whole, ...(await measureFolder(context))];
  },
};

type Outcome = {
  readonly seconds: number;
  readonly longestMs: number;
  readonly idleMb: number;
  readonly peakMb: number;
  readonly files: number;
  readonly spans: number;
  readonly issues: number;
};

async function measureFile({ folder }: BenchContext, shape: 'JSON lines' | 'one document'): Promise<Figure[]> {
  const path = join(folder, 'large.json');
  const megabytes = (await write(path, shape)) / 1e6;
  const outcome = await importInChild(folder, path);
  const baseline =
    shape === 'JSON lines'
      ? { name: 'JSON.parse of each line', value: megabytes / (await parseLines(path)), unit: 'MB/s' }
      : null;
  rmSync(path);
  if (outcome.issues > 0) throw new Error(`The import of ${shape} had ${outcome.issues} issues.`);
  const idle = { name: 'the same process before', value: outcome.idleMb, unit: 'MB' };
  return [
    figure(`import: ${shape}`, megabytes / outcome.seconds, 'MB/s', null, baseline),
    figure(`import: ${shape}, memory`, outcome.peakMb, 'MB', { below: 600 }, idle),
    figure(`import: ${shape}, longest pause`, outcome.longestMs, 'ms', { atMost: 200 }),
  ];
}

async function write(path: string, shape: 'JSON lines' | 'one document'): Promise<number> {
  const out = createWriteStream(path);
  let size = 0;
  async function put(text: string): Promise<void> {
    size += text.length;
    if (!out.write(text)) await once(out, 'drain');
  }
  if (shape === 'one document') await put('{"resourceSpans":[');
  for (let seed = 1; size < MEGABYTES * 1e6; seed++) {
    const request = otlpJson(makeTrace('swarm', { seed, spans: SPANS_PER_TRACE })).toString();
    // Inside the list of the request.
    const inner = request.slice(request.indexOf('[') + 1, request.lastIndexOf(']'));
    await put(shape === 'JSON lines' ? `${request}\n` : `${seed === 1 ? '' : ','}${inner}`);
  }
  if (shape === 'one document') await put(']}');
  out.end();
  await once(out, 'finish');
  return size;
}

async function parseLines(path: string): Promise<number> {
  const started = performance.now();
  for await (const line of createInterface({ input: createReadStream(path) })) JSON.parse(line);
  return (performance.now() - started) / 1_000;
}

async function measureFolder({ folder }: BenchContext): Promise<Figure[]> {
  const source = join(folder, 'many');
  let size = 0;
  for (let copy = 0; size < FOLDER_BYTES; copy++) {
    const target = join(source, `copy-${copy}`);
    mkdirSync(target, { recursive: true });
    for (const entry of readdirSync(FIXTURES, { withFileTypes: true, recursive: true })) {
      if (!entry.isFile() || !entry.name.startsWith('input.')) continue;
      const from = join(entry.parentPath, entry.name);
      const bytes = statSync(from).size;
      // Some 45 KB each, as traces of agents are: neither the smallest made by hand nor the largest recorded.
      if (bytes < 8_000 || bytes > 500_000 || size + bytes > FOLDER_BYTES * 1.05) continue;
      const name = from.slice(FIXTURES.length + 1).replaceAll(/[\\/]/g, '_');
      cpSync(from, join(target, name));
      size += bytes;
    }
  }
  const outcome = await importInChild(folder, source);
  rmSync(source, { recursive: true });
  return [
    figure(`import: ${(size / 1e6).toFixed(0)} MB in ${outcome.files} small files`, outcome.seconds, 's', {
      below: 20,
    }),
  ];
}

async function importInChild(folder: string, path: string): Promise<Outcome> {
  const workspace = join(folder, 'import.tracewright');
  const args = ['--disable-warning=ExperimentalWarning', CHILD, workspace, path];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1e6 });
  for (const ending of ['', '-wal', '-shm']) rmSync(workspace + ending, { force: true });
  return JSON.parse(stdout) as Outcome;
}
