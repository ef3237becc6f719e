/** "Where did this come from?" on a trace whose distinct contents are 10 MB, and on a large recorded one. */
import { createEngine } from '../../src/main/engine/create-engine.ts';
import { join } from 'node:path';
import type { Benchmark, Figure } from './figure.ts';
import { figure, percentile } from './figure.ts';

const BYTES = 10_000_000;
const TURNS = 250;
const TRACE = 'trace_0000000000000000000000000000c0de';

export const provenance: Benchmark = {
  id: 'provenance',
  method: `A made trace: ${TURNS} turns of two agents that hand off to each other, each with a tool result and an answer of its own, ${BYTES / 1e6} MB of distinct text in all, each model call with the last twenty messages as its input. Questions about the last answer: a word from the first tool result, one that each result holds, a sentence with numbers, one that nobody said before (its longest part and its facts are looked for), and all facts of a handoff. First question: after another trace was open, so that contents are read, decoded and compared at once; next questions: the slowest of ten. Baseline: reading and decoding the same contents from the workspace, without comparing.`,
  async run({ folder }) {
    const created = await createEngine({
      workspace: join(folder, 'provenance.tracewright'),
      httpPort: 0,
      appVersion: 'bench',
    });
    if (!created.ok) throw new Error(created.error.message);
    const engine = created.value;
    try {
      for (const body of bodies()) {
        const answer = await fetch(`${engine.info().httpUrl ?? ''}/v1/traces/ingest`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ data: body }),
        });
        if (!answer.ok) throw new Error(`The collector answered ${answer.status}.`);
      }
      await engine.settle();
      const [stored] = await engine.call('sql.query', { sql: 'SELECT sum(size) AS bytes FROM content' });
      if (Number(stored?.bytes ?? 0) < BYTES) throw new Error(`Less than ${BYTES} bytes were stored.`);
      const decoding = await time(async () => {
        const rows = await engine.call('sql.query', { sql: 'SELECT body FROM content', limit: 100_000 });
        for (const { body } of rows) JSON.parse(typeof body === 'string' ? body : 'null');
      });
      const baseline = { name: 'reading and decoding the contents', value: decoding, unit: 'ms' } as const;
      const spanId = idOf(TURNS - 1, 'model');
      const ask = (text: string): Promise<unknown> => engine.call('trace.provenance', { traceId: TRACE, spanId, text });
      const forget = async (): Promise<void> => {
        await engine.call('trace.open', { traceId: OTHER });
        await engine.call('trace.open', { traceId: TRACE });
      };
      const figures: Figure[] = [];
      for (const [name, text] of [
        ['a word of the first result', FIRST],
        ['a word in each content', 'river'],
        ['a sentence', lastAnswer()],
        ['a text without a source', UNHEARD],
      ] as const) {
        await forget();
        figures.push(
          figure(`origin, first question: ${name}`, await time(() => ask(text)), 'ms', { below: 300 }, baseline),
        );
        const next: number[] = [];
        for (let round = 0; round < 10; round++) next.push(await time(() => ask(text)));
        figures.push(figure(`origin, next question: ${name}`, percentile(next, 1), 'ms', { below: 300 }));
      }
      await forget();
      const handoff = (): Promise<unknown> =>
        engine.call('trace.handoff', { traceId: TRACE, spanId: idOf(TURNS - 2, 'handoff') });
      figures.push(figure('facts of one handoff, first', await time(handoff), 'ms', null, baseline));
      figures.push(figure('facts of one handoff, next', await time(handoff), 'ms', null));
      return figures;
    } finally {
      await engine.close();
    }
  },
};

const FIRST = 'glimmerquartz';
const UNHEARD = 'Nobody ever told of order XQ-771-4429 of Anna Keller, who pays 4711 EUR by 2026-03-12 at most';
const OTHER = 'trace_0000000000000000000000000000beef';

async function time(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

const SYLLABLES = 'ra lo mi ten sur pa vel on ki dra es um far bel nis to gar wen ul cho'.split(' ');
/** Some words are frequent and most are rare, as in a language. */
const WORDS = Array.from({ length: 6_000 }, (_, k) =>
  [k % 20, Math.floor(k / 20) % 20, Math.floor(k / 400) % 20]
    .map((n) => SYLLABLES[n])
    .join('')
    .slice(0, 3 + (k % 6)),
);

/** The same words for the same seed: about as many characters as asked. */
function prose(seed: number, length: number): string {
  let state = (seed * 2_654_435_761) >>> 0;
  const said: string[] = ['river', `code0x${seed.toString(16)}`];
  let size = 12;
  while (size < length) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const share = (state >>> 8) / 2 ** 24;
    const word =
      state % 11 === 0 ? String((state >>> 4) % 100_000) : (WORDS[Math.floor(share ** 3 * WORDS.length)] ?? '');
    said.push((state >>> 5) % 17 === 0 ? `${word}.` : word);
    size += word.length + 1;
  }
  return said.join(' ');
}

function lastAnswer(): string {
  return prose(TURNS * 2, 2_000).slice(0, 160);
}

function idOf(turn: number, kind: 'agent' | 'tool' | 'model' | 'handoff'): string {
  const digit = ['agent', 'tool', 'model', 'handoff'].indexOf(kind);
  return `span_${String(turn * 10 + digit).padStart(24, '0')}`;
}

function* bodies(): Generator<object[]> {
  const history: object[] = [{ role: 'user', content: 'Find the ships for Anna Keller, at most 300 EUR.' }];
  const size = BYTES / TURNS;
  yield [
    { object: 'trace', id: OTHER, workflow_name: 'Other' },
    { object: 'trace', id: TRACE, workflow_name: 'Harbour' },
    span(OTHER, 'span_0000000000000000beefbeef', null, 0, { type: 'agent', name: 'Nobody' }),
  ];
  for (let turn = 0; turn < TURNS; turn++) {
    const name = turn % 2 === 0 ? 'Scout' : 'Writer';
    const found = prose(turn * 2 + 1, size) + (turn === 0 ? ` ${FIRST}` : '');
    const last = turn === TURNS - 1 ? ` ${FIRST} and ${UNHEARD}` : '';
    const said = prose((turn + 1) * 2, 2_000) + last;
    const call = { id: `call_${turn}`, type: 'function', function: { name: 'look', arguments: `{"turn":${turn}}` } };
    history.push(
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: call.id, content: found },
    );
    const model = {
      type: 'generation',
      model: 'gpt-4.1',
      input: history.slice(-20),
      output: [{ role: 'assistant', content: said }],
    };
    const other = name === 'Scout' ? 'Writer' : 'Scout';
    const own = idOf(turn, 'agent');
    yield [
      span(TRACE, own, null, turn * 10, { type: 'agent', name }, 9),
      span(TRACE, idOf(turn, 'tool'), own, turn * 10 + 1, {
        type: 'function',
        name: 'look',
        input: `{"turn":${turn}}`,
        output: found,
      }),
      span(TRACE, idOf(turn, 'model'), own, turn * 10 + 3, model),
      span(TRACE, idOf(turn, 'handoff'), own, turn * 10 + 6, {
        type: 'handoff',
        from_agent: name,
        to_agent: other,
      }),
    ];
    history.push({ role: 'assistant', content: said });
  }
}

function span(trace: string, id: string, parent: string | null, second: number, data: object, seconds = 1): object {
  const at = (value: number): string => new Date(Date.UTC(2026, 0, 1) + value * 1_000).toISOString();
  return {
    object: 'trace.span',
    id,
    trace_id: trace,
    parent_id: parent,
    started_at: at(second),
    ended_at: at(second + seconds),
    span_data: data,
    error: null,
  };
}
