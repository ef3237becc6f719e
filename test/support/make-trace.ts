/**
 * Generates traces of any topology, by name, as plain OpenTelemetry spans with GenAI attributes. Deterministic: the same
 * options give the same spans, byte for byte. Used by tests, benchmarks and `scripts/make-trace.mjs`.
 */

export type MadeSpan = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | null;
  readonly name: string;
  readonly start: bigint;
  /** 0n = still running. */
  readonly end: bigint;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly error: string | null;
};

export type MakeOptions = {
  /** About how many spans; topologies with a fixed shape ignore it. */
  readonly spans?: number;
  readonly seed?: number;
  /** Nanoseconds since the epoch. */
  readonly startNs?: bigint;
};

type Draft = {
  parent: number | null;
  name: string;
  startMs: number;
  endMs: number | null;
  attributes: Record<string, string | number>;
  error?: string;
  missingParent?: boolean;
};

const WORDS =
  'the route a ticket weather report of budget agent refund for invoice city hotel delay answer plan to search result train policy customer with night'.split(
    ' ',
  );

/** A small seeded generator (mulberry32): enough for fixtures, and the same on every machine. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function sentence(next: () => number, words: number): string {
  return Array.from({ length: words }, () => WORDS[Math.floor(next() * WORDS.length)]).join(' ');
}

function agent(name: string): Record<string, string> {
  return { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': name };
}

function generation(
  next: () => number,
  system: string,
  history: readonly unknown[],
  answer: string,
): Record<string, string | number> {
  return {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-4.1-mini',
    'gen_ai.response.model': 'gpt-4.1-mini-2025-04-14',
    'gen_ai.response.id': `resp_${Math.floor(next() * 1e9).toString(36)}`,
    'gen_ai.request.temperature': 0.2,
    'gen_ai.usage.input_tokens': 200 + Math.floor(next() * 900),
    'gen_ai.usage.output_tokens': 20 + Math.floor(next() * 200),
    'gen_ai.usage.cache_read.input_tokens': 64,
    'server.address': '127.0.0.1',
    'server.port': 8080,
    'gen_ai.system_instructions': JSON.stringify([{ type: 'text', content: system }]),
    'gen_ai.input.messages': JSON.stringify(history),
    'gen_ai.output.messages': JSON.stringify([
      { role: 'assistant', parts: [{ type: 'text', content: answer }], finish_reason: 'stop' },
    ]),
  };
}

function tool(name: string, args: unknown, result: string): Record<string, string> {
  return {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': name,
    'gen_ai.tool.call.arguments': JSON.stringify(args),
    'gen_ai.tool.call.result': result,
  };
}

function user(text: string): unknown {
  return { role: 'user', parts: [{ type: 'text', content: text }] };
}

type Topology = (next: () => number, options: MakeOptions) => Draft[];

export const topologies: Readonly<Record<string, Topology>> = {
  /** Each agent calls a model, then hands off to the next. */
  'handoff-chain': (next) => {
    const names = ['Triage', 'Planner', 'Researcher', 'Writer', 'Reviewer'];
    const drafts: Draft[] = [
      {
        parent: null,
        name: 'workflow',
        startMs: 0,
        endMs: 500,
        attributes: { 'gen_ai.operation.name': 'invoke_workflow' },
      },
    ];
    names.forEach((name, index) => {
      const at = index * 100;
      const own =
        drafts.push({ parent: 0, name: `invoke_agent ${name}`, startMs: at, endMs: at + 95, attributes: agent(name) }) -
        1;
      drafts.push({
        parent: own,
        name: 'chat',
        startMs: at + 5,
        endMs: at + 60,
        attributes: generation(next, `You are ${name}.`, [user(sentence(next, 12))], sentence(next, 20)),
      });
      const to = names[index + 1];
      if (to)
        drafts.push({
          parent: own,
          name: `execute_tool transfer_to_${to}`,
          startMs: at + 70,
          endMs: at + 72,
          attributes: tool(`transfer_to_${to}`, {}, `{"assistant":"${to}"}`),
        });
    });
    return drafts;
  },
  'parallel-tools': (next, { spans = 20 }) => {
    const drafts: Draft[] = [
      { parent: null, name: 'invoke_agent Solver', startMs: 0, endMs: 400, attributes: agent('Solver') },
    ];
    drafts.push({
      parent: 0,
      name: 'chat',
      startMs: 1,
      endMs: 50,
      attributes: generation(next, 'You solve.', [user('Go.')], 'calling tools'),
    });
    for (let i = 2; i < spans; i++)
      drafts.push({
        parent: 0,
        name: 'execute_tool lookup',
        startMs: 60,
        endMs: 100 + Math.floor(next() * 250),
        attributes: tool('lookup', { i }, sentence(next, 8)),
      });
    return drafts;
  },
  'retry-loop': (next) => {
    const drafts: Draft[] = [
      { parent: null, name: 'invoke_agent Fetcher', startMs: 0, endMs: 900, attributes: agent('Fetcher') },
    ];
    for (let i = 0; i < 8; i++) {
      drafts.push({
        parent: 0,
        name: 'chat',
        startMs: i * 100,
        endMs: i * 100 + 40,
        attributes: generation(next, 'You fetch.', [user('Fetch.')], 'again'),
      });
      const last = i === 7;
      drafts.push({
        parent: 0,
        name: 'execute_tool fetch',
        startMs: i * 100 + 50,
        endMs: i * 100 + 90,
        attributes: tool('fetch', { url: 'local://a' }, last ? 'ok' : ''),
        ...(last ? {} : { error: 'timeout' }),
      });
    }
    return drafts;
  },
  'nested-agents': (next, { spans = 40 }) => {
    const drafts: Draft[] = [];
    const depth = Math.max(2, Math.floor(spans / 2));
    for (let level = 0; level < depth; level++) {
      const parent = level === 0 ? null : (level - 1) * 2;
      drafts.push({
        parent,
        name: `invoke_agent Level ${level}`,
        startMs: level,
        endMs: 2_000 - level,
        attributes: agent(`Level ${level}`),
      });
      drafts.push({
        parent: level * 2,
        name: 'chat',
        startMs: level + 1,
        endMs: level + 2,
        attributes: generation(next, `Level ${level}`, [user('down')], 'deeper'),
      });
    }
    return drafts;
  },
  'missing-parent': (next) => [
    { parent: null, name: 'invoke_agent Root', startMs: 0, endMs: 100, attributes: agent('Root') },
    {
      parent: null,
      missingParent: true,
      name: 'chat',
      startMs: 10,
      endMs: 20,
      attributes: generation(next, 'lost', [user('hello')], 'orphan'),
    },
    { parent: 1, name: 'execute_tool look', startMs: 12, endMs: 14, attributes: tool('look', {}, 'x') },
  ],
  'clock-skew': (next) => [
    { parent: null, name: 'invoke_agent Root', startMs: 1_000, endMs: 1_100, attributes: agent('Root') },
    {
      parent: 0,
      name: 'chat',
      startMs: 900,
      endMs: 950,
      attributes: generation(next, 'early', [user('hello')], 'before my parent'),
    },
    {
      parent: 0,
      name: 'execute_tool back',
      startMs: 1_050,
      endMs: 1_040,
      attributes: tool('back', {}, 'ends before it starts'),
    },
  ],
  'still-running': (next) => [
    { parent: null, name: 'invoke_agent Root', startMs: 0, endMs: null, attributes: agent('Root') },
    {
      parent: 0,
      name: 'chat',
      startMs: 10,
      endMs: 20,
      attributes: generation(next, 'live', [user('hello')], 'so far'),
    },
    { parent: 0, name: 'execute_tool wait', startMs: 30, endMs: null, attributes: tool('wait', {}, '') },
  ],
  /** One conversation whose every generation repeats all that was said before. */
  conversation: (next, { spans = 61 }) => {
    const drafts: Draft[] = [
      { parent: null, name: 'invoke_agent Support', startMs: 0, endMs: spans * 1_000, attributes: agent('Support') },
    ];
    const history: unknown[] = [];
    for (let turn = 1; turn < spans; turn++) {
      history.push(user(sentence(next, 60)));
      const answer = sentence(next, 90);
      drafts.push({
        parent: 0,
        name: 'chat',
        startMs: turn * 1_000,
        endMs: turn * 1_000 + 700,
        attributes: generation(next, `You are a support agent. ${sentence(random(7), 120)}`, history, answer),
      });
      history.push({ role: 'assistant', parts: [{ type: 'text', content: answer }] });
    }
    return drafts;
  },
  /** Many agents with turns, model calls and tools: the shape of a long swarm run, at any size. */
  swarm: (next, { spans = 1_000 }) => {
    const drafts: Draft[] = [
      {
        parent: null,
        name: 'swarm',
        startMs: 0,
        endMs: spans * 3,
        attributes: { 'gen_ai.operation.name': 'invoke_workflow' },
      },
    ];
    let at = 0;
    while (drafts.length < spans) {
      const name = `Worker ${drafts.length % 24}`;
      const own =
        drafts.push({ parent: 0, name: `invoke_agent ${name}`, startMs: at, endMs: at + 30, attributes: agent(name) }) -
        1;
      for (let turn = 0; turn < 3 && drafts.length < spans; turn++) {
        drafts.push({
          parent: own,
          name: 'chat gpt-4.1-mini',
          startMs: at + turn * 10,
          endMs: at + turn * 10 + 6,
          attributes: generation(next, `You are ${name}.`, [user(sentence(next, 16))], sentence(next, 24)),
        });
        if (drafts.length < spans) {
          const failing = next() < 0.02;
          drafts.push({
            parent: own,
            name: 'execute_tool search',
            startMs: at + turn * 10 + 6,
            endMs: at + turn * 10 + 9,
            attributes: tool(`search_${Math.floor(next() * 12)}`, { q: sentence(next, 4) }, sentence(next, 12)),
            ...(failing ? { error: 'no result' } : {}),
          });
        }
      }
      at += 12 + Math.floor(next() * 20);
    }
    return drafts;
  },
};

export function makeTrace(topology: string, options: MakeOptions = {}): MadeSpan[] {
  const build = topologies[topology];
  if (!build) throw new Error(`No topology "${topology}"; there are: ${Object.keys(topologies).join(', ')}.`);
  const seed = options.seed ?? 1;
  const next = random(seed);
  const start = options.startNs ?? 1_795_000_000_000_000_000n;
  const traceId = hex(random(seed + 7_919), 32);
  const ids = random(seed + 104_729);
  const drafts = build(next, options);
  const spanIds = drafts.map(() => hex(ids, 16));
  return drafts.map((draft, index) => ({
    traceId,
    spanId: spanIds[index] ?? '',
    parentId: draft.missingParent ? hex(ids, 16) : draft.parent === null ? null : (spanIds[draft.parent] ?? null),
    name: draft.name,
    start: start + BigInt(draft.startMs) * 1_000_000n,
    end: draft.endMs === null ? 0n : start + BigInt(draft.endMs) * 1_000_000n,
    attributes: draft.attributes,
    error: draft.error ?? null,
  }));
}

function hex(next: () => number, length: number): string {
  let text = '';
  while (text.length < length)
    text += Math.floor(next() * 0x1_0000_0000)
      .toString(16)
      .padStart(8, '0');
  return text.slice(0, length);
}
