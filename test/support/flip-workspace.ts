/** Makes a workspace with a grader that has spoken of 40 traces, 30 of which people judged, too. */
import { createEngine } from '../../src/main/engine/create-engine.ts';
import { emptyState } from './annotation-state.ts';
import { supportRun } from './support-run.ts';

const [workspace = ''] = process.argv.slice(2);
const created = await createEngine({ workspace, httpPort: 0, appVersion: 'test' });
if (!created.ok) throw new Error(created.error.message);
const engine = created.value;
for (let at = 0; at < 40; at++) {
  const good = at % 3 !== 0;
  const answer = good ? `Order W${at} is on its way, it arrives on Monday.` : 'I cannot find that order.';
  await fetch(`${engine.info().httpUrl ?? ''}/v1/traces/ingest`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ data: supportRun({ id: `trace_${at}`, order: `W${at}`, answer, minute: at }) }),
  });
}
await engine.settle();
await engine.call('settings.set', { key: 'reviewer', value: 'Ann' });
for (let at = 0; at < 30; at++)
  await engine.call('annotation.save', {
    traceId: `trace_${at}`,
    // People do not always agree with the rule.
    state: {
      ...emptyState,
      place: { kind: 'trace' },
      kind: 'verdict',
      note: null,
      passed: at % 3 !== 0 && at % 11 !== 0,
    },
  });
const { id } = await engine.call('grader.save', {
  definition: {
    type: 'string_check',
    name: 'Says when it arrives',
    input: '{{ sample.output_text }}',
    reference: 'on its way',
    operation: 'ilike',
  },
});
await engine.call('grading.start', { graderIds: [id] });
await engine.settle();
await engine.close();
