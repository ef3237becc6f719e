/** Graders out of files of other tools, into them, and out of traces. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { DraftSource } from '#shared/grader-drafts.ts';
import { DETECTOR_IDS } from '#shared/detect.ts';
import type { GraderDefinition } from '#shared/grader.ts';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { checkDefinition } from '../../src/main/graders/definition.ts';
import { draftsFromSpan } from '../../src/main/graders/drafts/from-span.ts';
import { draftsFromTrajectory } from '../../src/main/graders/drafts/from-trajectory.ts';
import { sendItems } from '../support/agents-items.ts';
import { emptyState } from '../support/annotation-state.ts';
import { supportRun } from '../support/support-run.ts';
import { startEngine, temporaryFolder } from '../support/workspace.ts';

const PROMPTFOO = 'test/fixtures/graders/exchange/promptfooconfig.yaml';

test('a file is imported once; what is here already is named, and what does not map is said', async () => {
  const engine = await startEngine();
  const first = await engine.call('grader.import', { path: join(process.cwd(), PROMPTFOO) });
  expect(first.imported.length).toBeGreaterThan(30);
  expect(first.imported[0]?.current).toMatchObject({ number: 1, note: 'Imported from promptfooconfig.yaml' });
  expect(first.problems.some(({ severity }) => severity === 'error')).toBe(true);
  const again = await engine.call('grader.import', { text: readFileSync(PROMPTFOO, 'utf8') });
  expect(again.imported.map(({ id }) => id)).toEqual(first.imported.map(({ id }) => id));
  expect(again.problems.filter(({ message }) => message.includes('is here already'))).toHaveLength(
    first.imported.length,
  );
  expect(await engine.call('grader.list', {})).toHaveLength(first.imported.length);
  await expect(engine.call('grader.import', { path: '/nowhere.yaml' })).rejects.toMatchObject({
    error: { code: 'unreadable_file' },
  });
  await expect(engine.call('grader.import', { text: 'nothing of the kind' })).rejects.toMatchObject({
    error: { code: 'bad_request' },
  });
  await expect(engine.call('grader.import', {})).rejects.toMatchObject({ error: { code: 'bad_request' } });
});

test('an export leaves out what the other tool cannot have, and says it; nothing at all is refused', async () => {
  const engine = await startEngine();
  const check = { type: 'string_check', name: 'a', input: '{{ sample.output_text }}', reference: 'x', operation: 'eq' };
  const ids: string[] = [];
  for (const definition of [check, { type: 'loop', name: 'b' }])
    ids.push((await engine.call('grader.save', { definition })).id);
  const path = join(temporaryFolder(), 'graders.json');
  writeFileSync(path, 'what was there');
  const report = await engine.call('grader.export', { graderIds: ids, path, format: 'openai-graders' });
  expect(report).toMatchObject({ written: 1, problems: [{ severity: 'error', path: 'b' }] });
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(check);
  const other = join(temporaryFolder(), 'none.yaml');
  await expect(
    engine.call('grader.export', { graderIds: ids.slice(1), path: other, format: 'promptfoo' }),
  ).rejects.toMatchObject({
    error: { code: 'bad_request' },
  });
  expect(existsSync(other)).toBe(false);
  await expect(
    engine.call('grader.export', { graderIds: ids, path: 'here.json', format: 'promptfoo' }),
  ).rejects.toMatchObject({
    error: { code: 'bad_request' },
  });
});

async function usable(engine: Engine, from: DraftSource): Promise<string[]> {
  const drafts = await engine.call('grader.drafts', { from });
  for (const draft of drafts)
    expect(checkDefinition(draft).problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return drafts.map(({ type }) => type);
}

test('a span, a good trace, a category and a detector each give drafts that hold on the trace that they come from', async () => {
  const engine = await startEngine();
  await sendItems(engine, supportRun({ id: 't1' }));
  await sendItems(engine, supportRun({ id: 't2', failed: true, minute: 1 }));
  await engine.settle();
  const { spans } = await engine.call('grade.subject', { traceId: 't1' }).then(({ trace }) => trace!);
  const spanOf = (kind: string) => spans.find((span) => span.kind === kind)!.id;
  expect(await usable(engine, { kind: 'span', traceId: 't1', spanId: spanOf('tool') })).toEqual([
    'trajectory_match',
    'tool_rules',
    'tool_schema',
    'tool_rules',
    'string_check',
    'string_check',
    'string_check',
  ]);
  expect(await usable(engine, { kind: 'span', traceId: 't1', spanId: spanOf('handoff') })).toContain('handoff');
  expect(await usable(engine, { kind: 'span', traceId: 't1', spanId: spanOf('generation') })).toContain('score_model');
  const good = await engine.call('grader.drafts', { from: { kind: 'trajectory', traceId: 't1' } });
  expect(good.map(({ type }) => type)).toEqual([
    'string_check',
    'trajectory_match',
    'handoff',
    'tool_rules',
    'tool_use',
    'budget',
    'javascript',
  ]);
  for (const definition of good) {
    const [trial] = await engine.call('grade.try', { definition, traceIds: ['t1'] });
    expect([definition.type, trial?.grade.passed]).toEqual([definition.type, true]);
  }
  const failed = await engine.call('grade.subject', { traceId: 't2' });
  const error = failed.trace!.spans.find(({ status }) => status === 'error');
  expect(await usable(engine, { kind: 'span', traceId: 't2', spanId: error!.id })).toContain('error_spans');
  await engine.call('annotation.save', {
    traceId: 't1',
    state: {
      ...emptyState,
      place: { kind: 'trace' },
      kind: 'category',
      taxonomy: 'mast',
      category: '1.3',
      note: 'It asks {{twice}}.',
    },
  });
  const [judge, detector] = await engine.call('grader.drafts', {
    from: { kind: 'category', taxonomy: 'mast', category: '1.3' },
  });
  expect(JSON.stringify(judge)).toMatch(/It asks/);
  expect([judge?.type, detector?.type, detector?.detector]).toEqual(['label_model', 'detector', 'repeated-call']);
  expect(checkDefinition(judge!).problems).toEqual([]);
  for (const id of DETECTOR_IDS) expect((await usable(engine, { kind: 'detector', id })).length).toBe(3);
  await expect(engine.call('grader.drafts', { from: { kind: 'detector', id: 'none' } })).rejects.toMatchObject({
    error: { code: 'not_found' },
  });
  await expect(
    engine.call('grader.drafts', { from: { kind: 'span', traceId: 't1', spanId: 'none' } }),
  ).rejects.toMatchObject({
    error: { code: 'not_found' },
  });
});

test('drafts of all kinds of spans of many traces can be used', async () => {
  const engine = await startEngine();
  const report = await engine.call('import.run', { jobId: 'all', paths: ['test/fixtures/formats'] });
  let spans = 0;
  const wrong: string[] = [];
  function check(from: string, drafts: readonly GraderDefinition[]): void {
    for (const draft of drafts) {
      const errors = checkDefinition(draft).problems.filter(({ severity }) => severity === 'error');
      for (const { path, message } of errors) wrong.push(`${from}: ${draft.type}${path} ${message}`);
    }
  }
  for (const traceId of report.traceIds.slice(0, 60)) {
    const { trace } = await engine.call('grade.subject', { traceId });
    if (!trace) continue;
    check(traceId, draftsFromTrajectory(trace));
    const kinds = new Set<string>();
    for (const span of trace.spans) {
      // One of each kind and outcome: hundreds that are alike say no more.
      const sort = `${span.kind} ${span.status}`;
      if (kinds.has(sort)) continue;
      kinds.add(sort);
      spans++;
      check(`${traceId} ${span.id}`, draftsFromSpan(await engine.call('grade.subject', { traceId, spanId: span.id })));
    }
  }
  expect(wrong).toEqual([]);
  expect(spans).toBeGreaterThan(60);
}, 120_000);
