/** How to point each SDK at this collector: a snippet that works as pasted, and what people trip over. */
import python from '../../../../resources/snippets/openai-agents.py?raw';
import javascript from '../../../../resources/snippets/openai-agents.mjs?raw';
import opentelemetry from '../../../../resources/snippets/opentelemetry.sh?raw';

export type Snippet = {
  readonly id: string;
  readonly title: string;
  readonly subtitle: string;
  readonly language: string;
  readonly install: string | null;
  readonly code: string;
  /** Facts about the SDK that explain why nothing, or too little, arrives. */
  readonly pitfalls: readonly string[];
};

export const snippets: readonly Snippet[] = [
  {
    id: 'openai-agents-python',
    title: 'OpenAI Agents SDK',
    subtitle: 'Python',
    language: 'Python',
    install: 'pip install openai-agents',
    code: python,
    pitfalls: [
      'OPENAI_AGENTS_DISABLE_TRACING=1 and RunConfig(tracing_disabled=True) turn tracing off.',
      'A worker that is frozen or killed loses what is buffered: call flush_traces() at the end of a task.',
      'A script that ends normally is given 5 seconds to send the rest.',
      'Spans of the Responses API carry no messages by default; spans of chat completions do.',
    ],
  },
  {
    id: 'openai-agents-js',
    title: 'OpenAI Agents SDK',
    subtitle: 'JavaScript, TypeScript',
    language: 'JavaScript',
    install: 'npm install @openai/agents',
    code: javascript,
    pitfalls: [
      'Tracing is off when NODE_ENV is test, in browsers, and with OPENAI_AGENTS_DISABLE_TRACING=1.',
      'process.exit() and an uncaught exception lose what is buffered: await getGlobalTraceProvider().forceFlush() first.',
      'Input and output of a span are cut at 100,000 bytes by the SDK. Such fields are marked.',
      'Spans of the Responses API carry no messages by default; spans of chat completions do.',
    ],
  },
  {
    id: 'opentelemetry',
    title: 'OpenTelemetry',
    subtitle: 'Any language',
    language: 'Shell',
    install: null,
    code: opentelemetry,
    pitfalls: [
      'OTEL_EXPORTER_OTLP_ENDPOINT is a base: no /v1/traces at its end.',
      'Some frameworks default to gRPC: the protocol line above is needed. This collector takes HTTP, protobuf or JSON.',
      'OTEL_SDK_DISABLED=true turns everything off; OTEL_TRACES_SAMPLER may leave traces out.',
      'GenAI and OpenInference attributes are understood; other spans are shown with their names and times.',
    ],
  },
];

/** Fills in the address; none yet means the usual one. */
export function fillSnippet(code: string, endpoint: string | null): string {
  return code.trimEnd().replaceAll('{{endpoint}}', (endpoint ?? 'http://127.0.0.1:4318').replace(/\/$/, ''));
}
