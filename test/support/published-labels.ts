/** The label sets that others published, laid out as they are: all verdicts and failures whole, texts of messages cut. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

const formats = resolve(import.meta.dirname, '../fixtures/formats');

function unpacked(path: string): string {
  return gunzipSync(readFileSync(join(formats, path))).toString();
}

/** Who&When: writes `Algorithm-Generated/N.json` and `Hand-Crafted/N.json` into the folder, or one part of them. */
export function writeWhoAndWhen(folder: string, part = ''): void {
  for (const line of unpacked('who-and-when/cut.jsonl.gz').trim().split('\n')) {
    const { file, document } = JSON.parse(line) as { file: string; document: unknown };
    if (!file.startsWith(part)) continue;
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), JSON.stringify(document));
  }
}

/** AgentRx, tau retail: its ground truth and its logs. */
export function writeAgentRx(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'tau_ground_truth.json'), unpacked('agentrx/ground-truth/input.json.gz'));
  writeFileSync(join(folder, 'tau_dataset_full.json'), unpacked('agentrx/cut-full.json.gz'));
}

/** Of annotations, one a line: sorted bytewise, SHA-256, the first 16 hex digits. */
export function digest(lines: readonly string[]): string {
  const sorted = lines.map((line) => Buffer.from(line)).sort((a, b) => Buffer.compare(a, b));
  return createHash('sha256').update(sorted.map(String).join('\n')).digest('hex').slice(0, 16);
}

/** What was exported as Who&When: `file|agent|step` of each log, and the text of all of them. */
export function blames(folder: string): { readonly lines: string[]; readonly text: string } {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));
  const texts = files.map((file) => [file, readFileSync(join(folder, file), 'utf8')] as const);
  const lines = texts.map(([file, text]) => {
    const { mistake_agent, mistake_step } = JSON.parse(text) as Record<string, string>;
    return `${file}|${mistake_agent}|${mistake_step}`;
  });
  return { lines, text: texts.map(([, text]) => text).join('\n') };
}

type Truth = {
  trajectory_id: number;
  failures: { failure_id: number; step_number: number; failed_agent: string; failure_category: string }[];
};

/** What was exported as AgentRx: `trajectory|failure|step|agent|category` of each failure, and the text. */
export function failures(folder: string): { readonly lines: string[]; readonly text: string } {
  const text = readFileSync(join(folder, 'ground_truth.json'), 'utf8');
  const lines = (JSON.parse(text) as Truth[]).flatMap((one) =>
    one.failures.map((failure) =>
      [one.trajectory_id, failure.failure_id, failure.step_number, failure.failed_agent, failure.failure_category].join(
        '|',
      ),
    ),
  );
  return { lines, text };
}

/** Twenty chats, each labelled by Ann and Ben, in the app's own lines: they agree on nine failing and nine passing ones. */
export function writeReviewers(folder: string): void {
  const lines: object[] = [];
  const label = (trace: number, annotator: string, fails: boolean, span: string) => ({
    type: 'annotation',
    traceId: `chat-${trace}`,
    annotationId: `${annotator}-${trace}`,
    target: { kind: 'span', id: span },
    annotator,
    taxonomy: 'mine',
    category: fails ? 'F' : 'P',
    severity: null,
    score: null,
    note: null,
    agent: fails ? 'Writer' : 'Planner',
    isRootCause: true,
    createdAt: null,
    extra: {},
  });
  for (let trace = 0; trace < 20; trace++) {
    const spans = ['a', 'b', 'c'].map((spanId, k) => ({
      spanId,
      kind: 'custom',
      name: `step ${k}`,
      start: String(1_000 + k),
      end: String(2_000 + k),
      status: 'ok',
      origin: 0,
      input: [],
      output: [],
    }));
    const origins = [{ dialect: 'hand', scopeName: null, scopeVersion: null, resource: null }];
    lines.push({ type: 'spans', traceId: `chat-${trace}`, origins, contents: [], spans });
    const first = trace < 10;
    lines.push(label(trace, 'Ann', first, first ? 'a' : 'b'));
    const second = trace === 0 ? false : trace === 19 ? true : first;
    lines.push(label(trace, 'Ben', second, second ? 'a' : 'b'));
  }
  const text = lines.map((line) => JSON.stringify({ tracewright: 1, ...line })).join('\n');
  writeFileSync(join(folder, 'labels.jsonl'), text);
}
