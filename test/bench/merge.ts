/** How long it takes to take in what two other reviewers said, and to find traces by it afterwards. */
import { once } from 'node:events';
import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '#shared/canonical-json.ts';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { createEngine } from '../../src/main/engine/create-engine.ts';
import { hashText } from '../../src/main/review/revisions.ts';
import { emptyState } from '../support/annotation-state.ts';
import type { Benchmark, Figure } from './figure.ts';
import { figure } from './figure.ts';

const REVISIONS = 100_000;
const TRACES = 10_000;
const CATEGORIES = ['1.1', '1.2', '1.3', '2.1', '2.2', '3.1', 'something else'];

export const merge: Benchmark = {
  id: 'merge',
  method: `Label files of two reviewers, ${REVISIONS.toLocaleString('en-US')} annotations each of the same ${TRACES.toLocaleString('en-US')} traces, every tenth annotation begun by one and edited by both, are merged one after the other into a workspace that has the traces; both together count, and the longest time between two turns of the event loop meanwhile. Baseline: JSON.parse and one hash of each line. Then the first page of the Traces table by label and annotator, and the facets, the slowest of five.`,
  async run({ folder, say }) {
    const created = await createEngine({
      workspace: join(folder, 'merge.tracewright'),
      httpPort: null,
      appVersion: 'bench',
    });
    if (!created.ok) throw new Error(created.error.message);
    try {
      return await measure(created.value, folder, say);
    } finally {
      await created.value.close();
    }
  },
};

async function measure(engine: Engine, folder: string, say: (line: string) => void): Promise<Figure[]> {
  const traces = join(folder, 'merge-traces.jsonl');
  const names = Array.from({ length: TRACES }, (_, at) =>
    JSON.stringify({ tracewright: 1, type: 'trace', traceId: `trace-${at}`, name: `Trace ${at}` }),
  );
  writeFileSync(traces, `{"tracewright":1,"type":"export"}\n${names.join('\n')}\n`);
  await engine.call('import.run', { jobId: 'traces', paths: [traces] });
  await engine.settle();
  const files = [await labelFile(join(folder, 'ann.jsonl'), 'ann'), await labelFile(join(folder, 'ben.jsonl'), 'ben')];
  const reading = performance.now();
  for (const file of files)
    for (const line of readFileSync(file, 'utf8').split('\n'))
      if (line !== '') hashText(JSON.stringify(JSON.parse(line)));
  const baseline = { name: 'parsing and hashing each line', value: (performance.now() - reading) / 1_000, unit: 's' };

  let longest = 0;
  let last = performance.now();
  const beat = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }, 5);
  const begun = performance.now();
  for (const file of files) {
    const { merged, issues } = await engine.call('import.run', { jobId: file, paths: [file] });
    say(`  ${JSON.stringify(merged)}`);
    if (merged?.revisions === undefined || merged.revisions < REVISIONS || issues.length > 0)
      throw new Error('The merge is not whole.');
  }
  const seconds = (performance.now() - begun) / 1_000;
  clearInterval(beat);
  await engine.settle();

  const slowest = async (work: () => Promise<unknown>): Promise<number> => {
    let most = 0;
    for (let time = 0; time < 5; time++) {
      const since = performance.now();
      await work();
      most = Math.max(most, performance.now() - since);
    }
    return most;
  };
  const list = (query: string) => slowest(() => engine.call('trace.list', { query }));
  return [
    figure('merge of two files of 100,000 annotations', seconds, 's', { below: 10 }, baseline),
    figure('merge: longest pause', longest, 'ms', { below: 500 }),
    figure('traces by label, 200,000 annotations', await list('label:"Step repetition"'), 'ms', { below: 300 }),
    figure('traces by annotator and verdict', await list('annotator:ann -verdict:fail'), 'ms', { below: 300 }),
    figure('facets with labels and annotators', await slowest(() => engine.call('trace.facets', {})), 'ms', null),
  ];
}

/** In the order in which an export writes them: by trace, annotation and name. */
async function labelFile(path: string, author: string): Promise<string> {
  const out = createWriteStream(path);
  out.write('{"tracewright":1,"type":"export"}\n');
  const perTrace = REVISIONS / TRACES;
  for (let at = 0; at < REVISIONS; at++) {
    const shared = at % 10 === 0;
    const base = {
      traceId: `trace-${Math.floor(at / perTrace)}`,
      annotationId: shared ? `both-${at}` : `${author}-${at}`,
      parents: [] as readonly string[],
      author: shared ? 'eve' : author,
      madeAt: 1_795_000_000_000 + at,
      state: {
        ...emptyState,
        kind: 'category',
        taxonomy: 'mast',
        category: CATEGORIES[at % CATEGORIES.length] ?? null,
        note: `It went wrong at ${at}.`,
      },
    };
    const parent = line(base);
    let text = parent.text;
    if (shared)
      text += line({ ...base, parents: [parent.hash], author, state: { ...base.state, severity: author } }).text;
    if (!out.write(text)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
  return path;
}

function line(revision: object): { readonly text: string; readonly hash: string } {
  const body = canonicalJson(revision);
  const hash = hashText(body);
  return { text: `{"tracewright":1,"type":"revision",${body.slice(1, -1)},"hash":"${hash}"}\n`, hash };
}
