/** The sequence of recorded traces of many clients, as reviewed: what each names as sender and receiver, in order. */
import { readFileSync, readdirSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { ask, cli, fixture, makePlace } from '../support/cli.ts';

const place = makePlace();
afterAll(place.remove);
const at = ['--workspace', place.workspace];

const CASES = [
  'agents-sdk/js03-multi-agent',
  'agents-sdk/js07-retries',
  'agents-sdk/py01-all-spans',
  'adk/session-transfer',
  'adk/session-tools',
  'autogen/hand-swarm',
  'chat-messages/hand-list',
  'claude-code/session-with-sub-agent',
  'codex/hand-sub-agent',
  'inspect/events-nested-tool-agents',
  'langfuse/crewai',
  'langfuse/langgraph',
  'langsmith/child-runs',
  'openhands/hand-trajectory',
  'otel-spans/strands-adk',
];

const answer = z.strictObject({
  participants: z.array(z.strictObject({ id: z.string(), kind: z.enum(['agent', 'tool', 'user']), name: z.string() })),
  messages: z.array(
    z.strictObject({
      from: z.string(),
      to: z.string(),
      kind: z.enum(['message', 'agent_call', 'tool_call', 'handoff', 'tool_result', 'return']),
      label: z.string(),
      spanId: z.string(),
      seq: z.number().int().positive(),
      status: z.enum(['unset', 'ok', 'error', 'running']),
      inferred: z.boolean(),
      offsetMs: z.number().nullable(),
    }),
  ),
  repeats: z.array(z.strictObject({ seq: z.number(), messages: z.number(), count: z.number(), errors: z.number() })),
  doubts: z.strictObject({
    untimed: z.number(),
    skewed: z.number(),
    missingParents: z.number(),
    cyclicParents: z.number(),
    running: z.number(),
  }),
});

function inputOf(name: string): string {
  const folder = fixture(`formats/${name}`);
  return `${folder}/${readdirSync(folder).find((file) => file.startsWith('input.')) ?? ''}`;
}

async function importOf(name: string): Promise<string[]> {
  return z.object({ traceIds: z.array(z.string()) }).parse(await ask(['import', inputOf(name), ...at])).traceIds;
}

test.each(CASES)('%s', async (name) => {
  const texts: string[] = [];
  // Many traces of one file repeat each other.
  for (const id of (await importOf(name)).slice(0, 3)) {
    const { code, stdout } = await cli(['sequence', id, '--format', 'mermaid', ...at]);
    expect(code).toBe(0);
    texts.push(stdout);
  }
  expect(texts.length).toBeGreaterThan(0);
  await expect(texts.join('\n')).toMatchFileSnapshot(fixture(`sequence/${name.replace('/', '-')}.mmd`));
});

test('as JSON, with or without --format, each message names its span; as text and SVG too', async () => {
  const [id = ''] = await importOf('agents-sdk/js03-multi-agent');
  const { stdout } = await cli(['sequence', id, '--format', 'json', ...at]);
  const given = answer.parse(JSON.parse(stdout));
  expect(await ask(['sequence', id, ...at])).toEqual(given);
  const known = new Set(given.participants.map((participant) => participant.id));
  const shown = z
    .object({ spans: z.array(z.object({ id: z.string() })) })
    .parse(await ask(['show', id, ...at]))
    .spans.map((span) => span.id);
  given.messages.forEach((message, k) => {
    expect(known).toContain(message.from);
    expect(known).toContain(message.to);
    expect(shown).toContain(message.spanId);
    expect(message.seq).toBe(k + 1);
  });
  const text = await cli(['sequence', id, ...at]);
  expect(text.stdout).toMatch(/1 +0 ns +User +Follow-up +message\n/);
  const svg = await cli(['sequence', id, '--format', 'svg', ...at]);
  expect(svg.stdout).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg".*\n[^]*<\/svg>\n$/);
  expect(svg.stdout).toContain('prefers-color-scheme:dark');
  expect(await ask(['sequence', id, '--format', 'svg', ...at])).toEqual({ format: 'svg', text: svg.stdout });
});

test('an unknown format is wrong usage, an unknown trace a failure', async () => {
  expect((await cli(['sequence', 'x', '--format', 'png', ...at])).code).toBe(2);
  expect((await cli(['sequence', 'nowhere', ...at])).code).toBe(1);
});

test('every golden belongs to a case', () => {
  const names = readdirSync(fixture('sequence')).map((file) => file.replace(/\.mmd$/, ''));
  expect(names.sort()).toEqual(CASES.map((name) => name.replace('/', '-')).sort());
  expect(readFileSync(fixture('sequence/agents-sdk-js03-multi-agent.mmd'), 'utf8')).toMatch(/^sequenceDiagram\n/);
});
