/**
 * npm run bench [-- ids…] [--markdown FILE] [--keep FOLDER]: runs all benchmarks or those named. Tables go to standard
 * error, one JSON document to standard output. `--keep` keeps the large workspaces for the next run.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { acknowledge } from './acknowledge.ts';
import { align } from './align.ts';
import { behaviour } from './behaviour.ts';
import { code } from './code.ts';
import { compare } from './compare.ts';
import { detectors } from './detectors.ts';
import { dialects } from './dialects.ts';
import { disk } from './disk.ts';
import { grade } from './grade.ts';
import { grpc } from './grpc.ts';
import type { BenchContext, Benchmark, Figure } from './figure.ts';
import { importing } from './import.ts';
import { ingest } from './ingest.ts';
import { items } from './items.ts';
import { describeMachine } from './lib/machine.ts';
import { toMarkdown, toTable } from './lib/report.ts';
import type { Stored } from './lib/stored.ts';
import { millionSpans } from './lib/stored.ts';
import { live } from './live.ts';
import { memory } from './memory.ts';
import { overview } from './overview.ts';
import { merge } from './merge.ts';
import { provenance } from './provenance.ts';
import { rebuild } from './rebuild.ts';
import { review } from './review.ts';
import { search } from './search.ts';
import { start } from './start.ts';
import { text } from './text.ts';
import { views } from './views.ts';
import { windowFigures } from './window.ts';

// The small ones first: what they measure suffers from a disk that is still busy.
const BENCHMARKS: readonly Benchmark[] = [
  disk,
  acknowledge,
  ingest,
  grpc,
  dialects,
  detectors,
  text,
  align,
  provenance,
  overview,
  behaviour,
  compare,
  grade,
  code,
  importing,
  merge,
  start,
  windowFigures,
  views,
  items,
  review,
  live,
  rebuild,
  search,
  memory,
];

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function option(args: string[], name: string): string | null {
  const at = args.indexOf(name);
  return at < 0 ? null : (args.splice(at, 2)[1] ?? null);
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const markdown = option(args, '--markdown');
  const keep = option(args, '--keep');
  const unknown = args.filter((id) => !BENCHMARKS.some((benchmark) => benchmark.id === id));
  if (unknown.length > 0) {
    say(`No benchmark "${unknown.join(' ')}"; there are: ${BENCHMARKS.map((benchmark) => benchmark.id).join(', ')}.`);
    process.exitCode = 2;
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'tracewright-bench-'));
  if (keep) mkdirSync(resolve(keep), { recursive: true });
  let million: Promise<Stored> | null = null;
  const context: BenchContext = {
    folder,
    say,
    million: () => (million ??= millionSpans(keep ? resolve(keep) : folder, say)),
  };
  const chosen = args.length === 0 ? BENCHMARKS : BENCHMARKS.filter((benchmark) => args.includes(benchmark.id));
  const figures: Figure[] = [];
  const failures: { id: string; message: string }[] = [];
  try {
    for (const benchmark of chosen) {
      say(`${benchmark.id} …`);
      try {
        const found = await benchmark.run(context);
        figures.push(...found);
        say(toTable(found));
      } catch (cause) {
        // The others still count; a benchmark that cannot run is reported as such.
        failures.push({
          id: benchmark.id,
          message: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause),
        });
        say(`${benchmark.id} did not run: ${failures.at(-1)?.message}`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const report = { machine: describeMachine(), figures, failures };
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  if (markdown) {
    const file = resolve(markdown);
    writeFileSync(file, await format(toMarkdown(report, chosen), { ...(await resolveConfig(file)), filepath: file }));
  }
  if (failures.length > 0) process.exitCode = 1;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
await main();
