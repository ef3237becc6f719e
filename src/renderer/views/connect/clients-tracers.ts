/** Tracing libraries and platforms whose clients can be pointed here. */
import type { ConnectClient } from './client.ts';

export const TRACERS: readonly ConnectClient[] = [
  {
    id: 'opentelemetry',
    title: 'OpenTelemetry',
    languages: ['Any language'],
    alsoCalled: ['otel', 'otlp', 'genai', 'gen_ai', 'semantic conventions', 'go', 'java', 'rust', 'dotnet'],
    snippets: [{ label: 'Variables', file: 'opentelemetry.sh', install: null }],
    arrives:
      'All spans, and logs with events of model calls; GenAI, OpenInference and Traceloop attributes are understood.',
    lacks: 'Other spans are shown with their names and times; messages only where the instrumentation records them.',
    pitfalls: [
      'OTEL_EXPORTER_OTLP_ENDPOINT is a base: no /v1/traces at its end. OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is used as it stands.',
      'HTTP and gRPC are both taken, on this port and on 4317.',
      'Newer instrumentations of Python want SPAN_ONLY instead of true in the last line.',
      'OTEL_SDK_DISABLED=true turns everything off; OTEL_TRACES_SAMPLER may leave traces out.',
    ],
    tell: { dialects: ['otel_genai', 'generic'] },
  },
  {
    id: 'openinference',
    title: 'OpenInference',
    languages: ['JavaScript', 'TypeScript', 'Python'],
    alsoCalled: ['arize', 'phoenix', 'openai'],
    snippets: [
      {
        label: 'OpenAI client, JavaScript',
        file: 'openinference.mjs',
        install:
          'npm install @arizeai/openinference-instrumentation-openai @opentelemetry/sdk-trace-node@2 @opentelemetry/exporter-trace-otlp-proto@0.223',
      },
      {
        label: 'LangChain, Python',
        file: 'langgraph.py',
        install:
          'pip install openinference-instrumentation-langchain opentelemetry-sdk opentelemetry-exporter-otlp-proto-http',
      },
    ],
    arrives:
      'Model calls with messages, tools offered, tokens and cost; agents and tools where the framework has them.',
    lacks: 'The JavaScript instrumentation of the OpenAI client reports no span at all for some calls that fail.',
    pitfalls: ['OPENINFERENCE_HIDE_INPUTS and OPENINFERENCE_HIDE_OUTPUTS leave the text out.'],
    tell: { dialects: ['openinference'] },
  },
  {
    id: 'traceloop',
    title: 'Traceloop OpenLLMetry',
    languages: ['Python', 'JavaScript', 'TypeScript'],
    alsoCalled: ['openllmetry'],
    snippets: [{ label: 'Variables', file: 'traceloop.sh', install: null }],
    arrives: 'Workflows, tasks, agents, tools and model calls with messages.',
    lacks: 'In JavaScript the span of an asynchronous function that fails never ends, and so never arrives.',
    pitfalls: [
      'In code, the address given to Traceloop.init() or initialize() wins over the variable.',
      'TRACELOOP_TRACE_CONTENT=false leaves the text out.',
    ],
    tell: { dialects: ['traceloop'] },
  },
  {
    id: 'langfuse',
    title: 'Langfuse 4, 5 and Python 3',
    languages: ['JavaScript', 'TypeScript', 'Python'],
    snippets: [{ label: 'Variables', file: 'langfuse.sh', install: null }],
    arrives:
      'Observations of every type with input, output, usage and cost; sessions, users, tags and scores of spans.',
    lacks: 'Prompts and datasets are not served: an app that fetches a prompt gets its fallback.',
    pitfalls: ['A script has to call flush or shutdown before it ends.'],
    tell: { dialects: ['langfuse'], source: /sdk|python|otel/i },
  },
  {
    id: 'langfuse-3',
    title: 'Langfuse 3 for JavaScript',
    languages: ['JavaScript', 'TypeScript'],
    snippets: [{ label: 'Variables', file: 'langfuse-3.sh', install: null }],
    arrives: 'Traces, spans, generations, events and scores, also before they have ended.',
    lacks: 'Prompts, datasets and media are not served.',
    pitfalls: [
      'In code, the baseUrl given to new Langfuse() wins over the variable.',
      'Await shutdownAsync() before a script ends.',
    ],
    tell: { dialects: ['langfuse'], source: /^langfuse-js\b/i },
  },
  {
    id: 'langsmith',
    title: 'LangSmith',
    languages: ['Python', 'JavaScript', 'TypeScript'],
    alsoCalled: ['langchain', 'traceable', 'wrapOpenAI'],
    snippets: [
      { label: 'Its own protocol', file: 'langsmith.sh', install: null },
      { label: 'OpenTelemetry', file: 'langsmith-otel.sh', install: "pip install 'langsmith[otel]'" },
    ],
    arrives: 'Runs of every type with inputs, outputs, errors and feedback, also before they have ended.',
    lacks:
      'A first model call may show later messages as its input: the JavaScript client keeps a reference, not a copy.',
    pitfalls: [
      'LANGSMITH_PROJECT names the project only; metadata thread_id or session_id makes the session.',
      'Over OpenTelemetry, spans arrive when they end.',
    ],
    tell: { dialects: ['langsmith'] },
  },
  {
    id: 'mlflow',
    title: 'MLflow Tracing',
    languages: ['Python'],
    snippets: [
      { label: 'Variables', file: 'mlflow.sh', install: 'pip install opentelemetry-exporter-otlp-proto-http' },
    ],
    arrives: 'Spans of every type with inputs, outputs and token usage.',
    lacks: 'While the variable is set, MLflow writes nothing to its own tracking server unless told to do both.',
    pitfalls: ['mlflow.openai.autolog() and its siblings decide which calls become spans.'],
    tell: { dialects: ['mlflow'] },
  },
  {
    id: 'chat-files',
    title: 'OpenAI-compatible chat files',
    languages: ['Any language'],
    alsoCalled: ['jsonl', 'messages', 'fine-tuning', 'import', 'file', 'vllm', 'ollama', 'llama.cpp'],
    snippets: [{ label: 'Import', file: 'chat-files.sh', install: null }],
    arrives: 'Each conversation as a trace: its model calls, tool calls and their results.',
    lacks: 'Files have no times, so that durations are unknown and only the order is told.',
    pitfalls: ['One JSON object a line, as {"messages": […]}; gzip and zip are opened.'],
    tell: null,
  },
];
