/** JavaScript clients. Those that are dependencies of this project run in `npm test` too, the others only here. */
import type { Client, Install } from './client.ts';

const OTEL = ['@opentelemetry/sdk-trace-node@2', '@opentelemetry/exporter-trace-otlp-proto@0.223'];
const WITH_SNIPPET = '"$NODE" --import ./snippet.mjs app.mjs';
const PLAIN = '"$NODE" app.mjs';

function npm(folder: string, ...packages: readonly string[]): Install {
  return { kind: 'npm', folder, packages };
}

export const NPM_CLIENTS: readonly Client[] = [
  {
    id: 'ai-sdk-7',
    folder: 'ai-sdk-7',
    snippet: 'ai-sdk-7.mjs',
    install: npm('ai-sdk-7', 'ai@7', '@ai-sdk/otel', 'zod@4', ...OTEL),
    command: WITH_SNIPPET,
    expect: { agents: ['OrderAgent'], tools: ['get_weather', 'lookup_order'], failed: ['lookup_order'], readable: 3 },
  },
  {
    id: 'ai-sdk-6',
    folder: 'ai-sdk-6',
    snippet: 'ai-sdk-6.mjs',
    install: npm('ai-sdk-6', 'ai-6@npm:ai@6', 'zod@4', ...OTEL),
    command: WITH_SNIPPET,
    expect: { agents: ['OrderAgent'], tools: ['get_weather', 'lookup_order'], failed: ['lookup_order'], readable: 3 },
  },
  {
    id: 'openinference',
    folder: 'openinference',
    snippet: 'openinference.mjs',
    install: npm('openinference', '@arizeai/openinference-instrumentation-openai', 'openai@7', ...OTEL),
    command: WITH_SNIPPET,
    expect: { generations: 2, readable: 2 },
  },
  {
    id: 'opentelemetry',
    folder: 'opentelemetry',
    snippet: 'opentelemetry.sh',
    install: npm('opentelemetry', ...OTEL),
    command: PLAIN,
    expect: { agents: ['OrderAgent'], tools: ['lookup_order'], failed: ['lookup_order'], readable: 1 },
  },
  {
    id: 'langfuse-3',
    folder: 'langfuse-3',
    snippet: 'langfuse-3.sh',
    install: npm('langfuse-3', 'langfuse@3'),
    command: PLAIN,
    expect: { generations: 1, readable: 1 },
  },
  {
    id: 'langfuse',
    folder: 'langfuse',
    snippet: 'langfuse.sh',
    install: npm('langfuse', '@langfuse/tracing', '@langfuse/otel', ...OTEL),
    command: PLAIN,
    expect: { agents: ['OrderAgent'], tools: ['get_weather', 'lookup_order'], failed: ['lookup_order'], readable: 1 },
  },
  {
    id: 'langsmith',
    folder: 'langsmith',
    snippet: 'langsmith.sh',
    install: npm('langsmith', 'langsmith', 'openai@7'),
    command: PLAIN,
    expect: { tools: ['get_weather', 'lookup_order'], failed: ['lookup_order'], readable: 1 },
  },
  {
    id: 'traceloop',
    folder: 'traceloop',
    snippet: 'traceloop.sh',
    install: npm('traceloop', '@traceloop/node-server-sdk', 'openai@7'),
    command: PLAIN,
    expect: { agents: ['OrderAgent'], tools: ['get_weather'], readable: 1 },
  },
];
