/**
 * Makes a workspace with two eval runs over the same 48 tasks, two trials each: a change that answers more often, in more
 * words. With a second argument also two runs of so many answers without traces.
 */
import type { JsonObject } from '#shared/json.ts';
import { createEngine } from '../../src/main/engine/create-engine.ts';
import { supportRun } from './support-run.ts';

const TASKS = 48;
const TRIALS = 2;
const LONG_NAME =
  'says the order number, the day on which it arrives, and whom to ask when it does not arrive on that day 🚚 (a criterion with a very long name that somebody wrote as a whole sentence so that everybody knows)';

const [workspace = '', many = '0'] = process.argv.slice(2);
const created = await createEngine({ workspace, httpPort: 0, appVersion: 'test' });
if (!created.ok) throw new Error(created.error.message);
const engine = created.value;

/** Before the change half of the answers know the order, after it most; a few are lost. */
function answerOf(version: 'before' | 'after', task: number, trial: number): string {
  const knows =
    version === 'before'
      ? (task * 7 + trial * 3) % 10 < 5
      : (task * 7 + trial * 3) % 10 < 5
        ? task % 16 !== 3
        : task % 3 !== 0;
  if (!knows) return version === 'before' ? 'I cannot find that order.' : 'Sorry, I cannot find that order anywhere.';
  const plain = `Order W${task} is on its way, it arrives on Monday.`;
  return version === 'before' ? plain : `Thank you for asking! ${plain} Is there anything else that I can do for you?`;
}

const traces: Record<'before' | 'after', string[]> = { before: [], after: [] };
for (const version of ['before', 'after'] as const)
  for (let task = 0; task < TASKS; task++)
    for (let trial = 0; trial < TRIALS; trial++) {
      const id = `${version}_${task}_${trial}`;
      traces[version].push(id);
      const run = supportRun({
        id,
        order: `W${task}`,
        answer: answerOf(version, task, trial),
        metadata: { task_id: `order-${String(task).padStart(2, '0')}` },
        minute: traces[version].length,
      });
      const sent = await fetch(`${engine.info().httpUrl ?? ''}/v1/traces/ingest`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ data: run }),
      });
      if (!sent.ok) throw new Error(`The engine answered ${sent.status}.`);
    }
await engine.settle();

const output = { input: '{{ sample.output_text }}', type: 'string_check', operation: 'ilike' };
const definitions: readonly JsonObject[] = [
  { ...output, name: 'Answers the question', reference: 'on its way' },
  { ...output, name: LONG_NAME, reference: 'Monday' },
  { ...output, name: 'Does not apologise', reference: 'sorry', operation: 'ne' },
  {
    type: 'text_similarity',
    name: 'Small talk',
    input: '{{ sample.output_text }}',
    reference: 'Thank you for asking! Is there anything else that I can do for you?',
    evaluation_metric: 'rouge_l',
    pass_threshold: 0.95,
    direction: 'minimise',
  },
  {
    type: 'text_similarity',
    name: 'Near to the plain answer',
    input: '{{ sample.output_text }}',
    reference: 'Order W1 is on its way, it arrives on Monday.',
    evaluation_metric: 'fuzzy_match',
    pass_threshold: 0.3,
  },
];
const graders: string[] = [];
for (const definition of definitions) graders.push((await engine.call('grader.save', { definition })).id);
const criterionOf = (graderId: string) => ({ graderId, versionHash: null, threshold: null, weight: 1 });

async function evalOf(name: string, graderIds: readonly string[]): Promise<string> {
  const row = await engine.call('eval.save', {
    definition: {
      name,
      criteria: graderIds.map(criterionOf),
      source: { kind: 'filter', query: '' },
      metadata: {},
    },
  });
  return row.id;
}

if (Number(many) > 0) {
  const evalId = await evalOf('Many answers', graders.slice(0, 1));
  for (const name of ['many, before', 'many, after']) {
    await engine.call('run.start', {
      evalId,
      name,
      items: Array.from({ length: Number(many) }, (_, at) => ({
        item: { task_id: `many-${at}`, input: `Where is my order W${at}?` },
        sample: {
          output_text: (name === 'many, before' ? at % 3 : at % 4) === 0 ? 'I do not know.' : 'It is on its way.',
        },
      })),
    });
    await engine.settle();
  }
}
const evalId = await evalOf('Support desk', graders);
for (const version of ['before', 'after'] as const) {
  await engine.call('run.start', {
    evalId,
    name: version === 'before' ? 'prompt 1' : 'prompt 2, friendlier',
    source: { kind: 'traces', traceIds: traces[version] },
  });
  await engine.settle();
}
await engine.close();
