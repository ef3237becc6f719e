/** Imports what it is told into a workspace, and prints how long it took, the memory at its highest, and what came in. */
import { readFileSync } from 'node:fs';
import { createEngine } from '../../../src/main/engine/create-engine.ts';

const [workspace = '', ...paths] = process.argv.slice(2);
const created = await createEngine({ workspace, httpPort: null, appVersion: 'bench' });
if (!created.ok) throw new Error(created.error.message);
const engine = created.value;
const idle = process.memoryUsage.rss();
let longestMs = 0;
let before = performance.now();
const timer = setInterval(() => {
  longestMs = Math.max(longestMs, performance.now() - before - 10);
  before = performance.now();
}, 10);
const started = performance.now();
const report = await engine.call('import.run', { jobId: 'bench', paths });
const seconds = (performance.now() - started) / 1_000;
clearInterval(timer);
await engine.close();
process.stdout.write(
  JSON.stringify({
    seconds,
    longestMs,
    idleMb: idle / 1e6,
    peakMb: peakBytes() / 1e6,
    files: report.files,
    spans: report.spans,
    issues: report.issues.length,
  }),
);

/** The most that the process ever had resident, as the system counted it. */
function peakBytes(): number {
  const kilobytes = /^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return Number(kilobytes ?? 0) * 1_024;
}
