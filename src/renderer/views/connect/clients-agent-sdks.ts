/** The OpenAI Agents SDKs, for which helpers come with the app. */
import type { ConnectClient } from './client.ts';

const WITHOUT_HELPER =
  'The exporter alone sends no text of Responses API calls and tells of a span only when it has ended.';

export const AGENT_SDKS: readonly ConnectClient[] = [
  {
    id: 'openai-agents-python',
    title: 'OpenAI Agents SDK',
    languages: ['Python'],
    alsoCalled: ['openai-agents', 'swarm', 'responses api'],
    snippets: [
      { label: 'No change in code', file: 'openai-agents-preload-py.sh', install: null },
      { label: 'In code', file: 'openai-agents-helper.py', install: null },
      { label: 'SDK alone', file: 'openai-agents.py', install: null },
      {
        label: 'OpenInference',
        file: 'openinference-openai-agents.py',
        install: 'pip install openinference-instrumentation-openai-agents opentelemetry-exporter-otlp-proto-http',
      },
    ],
    arrives: 'Agents, handoffs, guardrails, tools and model calls with their full text, live while they run.',
    lacks: `${WITHOUT_HELPER} Voice and realtime sessions of the Realtime API are traced on its servers and never here.`,
    pitfalls: [
      'OPENAI_AGENTS_DISABLE_TRACING=1 and RunConfig(tracing_disabled=True) turn tracing off.',
      'A process that is killed loses the last tenth of a second; with the SDK alone, what is buffered.',
      'Without a change in code, the upload to OpenAI goes on as before. TRACEWRIGHT_ONLY=1 stops it.',
      'PYTHONPATH does not reach an app that starts with python -I or -E.',
    ],
    tell: { dialects: ['agents_sdk'], source: /python/i },
  },
  {
    id: 'openai-agents-js',
    title: 'OpenAI Agents SDK',
    languages: ['JavaScript', 'TypeScript'],
    alsoCalled: ['@openai/agents', 'node', 'responses api'],
    snippets: [
      { label: 'No change in code', file: 'openai-agents-preload.sh', install: null },
      { label: 'In code', file: 'openai-agents-helper.mjs', install: null },
      { label: 'SDK alone', file: 'openai-agents.mjs', install: null },
    ],
    arrives: 'Agents, handoffs, guardrails, tools and model calls with their full text, live while they run.',
    lacks: `${WITHOUT_HELPER} RealtimeSession is traced on OpenAI's servers and never here.`,
    pitfalls: [
      'Tracing is off when NODE_ENV is test, in browsers, and with OPENAI_AGENTS_DISABLE_TRACING=1.',
      'With the SDK alone, process.exit() and an uncaught exception lose what is buffered, and fields are cut at 100,000 bytes.',
      'Without a change in code, the upload to OpenAI goes on as before. TRACEWRIGHT_ONLY=1 stops it.',
      'Without a change in code it needs Node 18.19 or later, and does not reach edge runtimes.',
    ],
    tell: { dialects: ['agents_sdk'], source: /js|javascript/i },
  },
];
