/**
 * All 87 logs of Who&When, cut in their texts: each handoff that is drawn is one that the log states, or follows from
 * who spoke after whom and says so; and the other way round.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { contradictions, takePicture } from '../support/picture.ts';
import { startEngine, temporaryFolder } from '../support/workspace.ts';

type Log = {
  readonly file: string;
  readonly document: {
    readonly history: readonly { readonly role: string; readonly name?: string; readonly content: string }[];
  };
};

const CUT = join(import.meta.dirname, '../fixtures/formats/who-and-when/cut.jsonl.gz');
const logs = gunzipSync(readFileSync(CUT))
  .toString('utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Log);

test('87 logs: handoffs as they say, nothing else, and no contradiction', { timeout: 120_000 }, async () => {
  const folder = temporaryFolder();
  const engine = await startEngine({ httpPort: null });
  let checked = 0;
  for (const { file, document } of logs) {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(document));
    const { traceIds } = await engine.call('import.run', { jobId: 'x', paths: [path] });
    const [traceId = ''] = traceIds;
    const picture = await takePicture(engine, traceId);
    expect(contradictions(picture), file).toEqual([]);
    const drawn = picture.graph.edges
      .filter(({ kind }) => kind === 'handoff')
      .map(({ from, to, count, inferred }) => `${bare(from)} > ${bare(to)} x${count}${inferred ? ' inferred' : ''}`);
    expect(drawn.sort(), file).toEqual(handoffsOf(document.history));
    checked += drawn.length;
  }
  expect(logs).toHaveLength(87);
  expect(checked).toBeGreaterThan(300);
});

/** `A (-> B)` hands over to B. Where no role says so, whoever speaks next is concluded to have been handed over to. */
function handoffsOf(history: Log['document']['history']): string[] {
  const stated = history.flatMap(({ role }) => {
    const [, from = '', to = ''] = /^(.*) \(-> (.*)\)$/.exec(role) ?? [];
    return from === '' ? [] : [`${from} > ${to}`];
  });
  if (stated.length > 0) return counted(stated, '');
  const speakers = history.map(({ name, role }) => name ?? role);
  return counted(
    speakers.flatMap((name, at) =>
      at === 0 || speakers[at - 1] === name ? [] : [`${speakers[at - 1] ?? ''} > ${name}`],
    ),
    ' inferred',
  );
}

function counted(pairs: readonly string[], mark: string): string[] {
  const counts = new Map<string, number>();
  for (const pair of pairs) counts.set(pair, (counts.get(pair) ?? 0) + 1);
  return [...counts].map(([pair, count]) => `${pair} x${count}${mark}`).sort();
}

function bare(id: string): string {
  return id.replace(/^agent:/, '');
}
