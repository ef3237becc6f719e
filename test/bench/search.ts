/** First page of a full-text search over a million spans. */
import Database from 'better-sqlite3';
import { createEngine } from '../../src/main/engine/create-engine.ts';
import type { Benchmark, Figure } from './figure.ts';
import { figure, percentile } from './figure.ts';

const ROUNDS = 20;
const PAGE = 100;

export const search: Benchmark = {
  id: 'search',
  method: `The first page (${PAGE} rows) of the Traces table for a word that five traces hold, a word that nearly every trace holds, a phrase, and a word with filters; each ${ROUNDS} times after opening the workspace, the slowest counts. Baseline: as many rows of the same table selected by key.`,
  async run({ million }) {
    const { path, rareWord, commonWord } = await million();
    const created = await createEngine({ workspace: path, httpPort: null, appVersion: 'bench', readOnly: true });
    if (!created.ok) throw new Error(created.error.message);
    const engine = created.value;
    const queries = [
      ['a rare word', rareWord],
      ['a common word', commonWord],
      ['a phrase', '"weather report"'],
      ['a common word and filters', `${commonWord} agent:"Worker 5" errors:>2`],
    ] as const;
    const figures: Figure[] = [];
    for (const [name, query] of queries) {
      const times: number[] = [];
      let rows = 0;
      for (let round = 0; round < ROUNDS; round++) {
        const started = performance.now();
        const page = await engine.call('trace.list', { query, limit: PAGE });
        times.push(performance.now() - started);
        rows = page.rows.length;
      }
      if (rows === 0) throw new Error(`The search for ${query} found nothing.`);
      figures.push(
        figure(
          `search over 1,000,000 spans: ${name} (${rows} rows)`,
          percentile(times, 1),
          'ms',
          { below: 200 },
          {
            name: `${rows} rows by key`,
            value: percentile(selectByKey(path, rows), 0.5),
            unit: 'ms',
          },
        ),
      );
    }
    await engine.close();
    return figures;
  },
};

function selectByKey(path: string, rows: number): number[] {
  const db = new Database(path, { readonly: true });
  const keys = db.prepare('SELECT trace_key FROM trace LIMIT ?').pluck().all(rows) as number[];
  const one = db.prepare('SELECT * FROM trace WHERE trace_key = ?');
  const times = Array.from({ length: ROUNDS }, () => {
    const started = performance.now();
    for (const key of keys) one.get(key);
    return performance.now() - started;
  });
  db.close();
  return times;
}
