/**
 * The clients that `npm run interop` installs and runs, each with the text that Connect prints for it. One line per way to
 * connect: which snippet, which program stands behind it, and what must show.
 */
import { CLI_CLIENTS } from './clients-cli.ts';
import { NPM_CLIENTS } from './clients-npm.ts';
import type { Client, Expected, Install } from './client.ts';

const OTLP = ['opentelemetry-sdk', 'opentelemetry-exporter-otlp-proto-http'];
const MAIN = '"$PYTHON" main.py';

function pip(venv: string, ...packages: readonly string[]): Install {
  return { kind: 'pip', venv, packages };
}

const openAi = (model: string): Record<string, string> => ({
  OPENAI_API_KEY: 'local',
  OPENAI_BASE_URL: `${model}/v1`,
  // Nothing of a test goes anywhere else.
  TRACEWRIGHT_ONLY: '1',
});

const ORDER_DESK: Expected = {
  agents: ['OrderAgent'],
  tools: ['get_weather', 'lookup_order'],
  failed: ['lookup_order'],
  generations: 3,
  readable: 3,
};

const AGENTS_PY = pip('agents', 'openai-agents', 'openinference-instrumentation-openai-agents', ...OTLP);
const HANDOFF: Expected = { ...ORDER_DESK, agents: ['OrderAgent', 'Triage'], generations: 4, readable: 4 };

export const clients: readonly Client[] = [
  ...[
    { id: 'openai-agents', snippet: 'openai-agents.py', expect: { ...HANDOFF, readable: 0 } },
    { id: 'openai-agents-helper', snippet: 'openai-agents-helper.py', expect: HANDOFF },
    { id: 'openai-agents-preload', snippet: 'openai-agents-preload-py.sh', expect: HANDOFF },
    { id: 'openai-agents-openinference', snippet: 'openinference-openai-agents.py', expect: HANDOFF },
  ].map((each) => ({ ...each, folder: 'openai-agents', install: AGENTS_PY, command: MAIN, env: openAi })),
  {
    id: 'langgraph',
    folder: 'langgraph',
    snippet: 'langgraph.py',
    install: pip('langgraph', 'langgraph', 'langchain-openai', 'openinference-instrumentation-langchain', ...OTLP),
    command: MAIN,
    expect: ORDER_DESK,
  },
  {
    id: 'langgraph-langsmith',
    folder: 'langgraph',
    snippet: 'langsmith.sh',
    install: pip('langgraph', 'langgraph', 'langchain-openai', 'openinference-instrumentation-langchain', ...OTLP),
    command: MAIN,
    expect: ORDER_DESK,
  },
  {
    id: 'pydantic-ai',
    folder: 'pydantic-ai',
    snippet: 'pydantic-ai.py',
    install: pip('pydantic-ai', 'pydantic-ai-slim[openai]', ...OTLP),
    command: MAIN,
    expect: { ...ORDER_DESK, agents: ['OrderAgent', 'OrderDesk'] },
  },
  {
    id: 'crewai',
    folder: 'crewai',
    snippet: 'crewai.py',
    install: pip(
      'crewai',
      'crewai',
      'openinference-instrumentation-crewai',
      'openinference-instrumentation-openai',
      ...OTLP,
    ),
    command: MAIN,
    env: () => ({ CREWAI_DISABLE_TELEMETRY: 'true', CREWAI_TRACING_ENABLED: 'false', OPENAI_API_KEY: 'local' }),
    expect: ORDER_DESK,
  },
  {
    id: 'google-adk',
    folder: 'google-adk',
    snippet: 'google-adk.py',
    install: pip('adk', 'google-adk', 'opentelemetry-exporter-otlp-proto-http'),
    command: MAIN,
    env: (model) => ({ GOOGLE_API_KEY: 'local', GOOGLE_GEMINI_BASE_URL: model, GOOGLE_GENAI_USE_VERTEXAI: 'false' }),
    expect: { ...HANDOFF },
  },
  {
    id: 'smolagents',
    folder: 'smolagents',
    snippet: 'smolagents.py',
    install: pip('smolagents', 'smolagents[openai]', 'openinference-instrumentation-smolagents', ...OTLP),
    command: MAIN,
    expect: ORDER_DESK,
  },
  {
    id: 'strands',
    folder: 'strands',
    snippet: 'strands.py',
    install: pip('strands', 'strands-agents[openai,otel]'),
    command: MAIN,
    expect: ORDER_DESK,
  },
  {
    id: 'autogen',
    folder: 'autogen',
    snippet: 'autogen.py',
    install: pip('autogen', 'autogen-agentchat', 'autogen-ext[openai]', ...OTLP),
    command: MAIN,
    expect: { agents: ['OrderAgent'], tools: ['get_weather', 'lookup_order'] },
  },
  {
    id: 'agent-framework',
    folder: 'agent-framework',
    snippet: 'agent-framework.py',
    install: pip('maf', 'agent-framework-core', 'agent-framework-openai', ...OTLP),
    command: MAIN,
    expect: ORDER_DESK,
  },
  {
    id: 'semantic-kernel',
    folder: 'semantic-kernel',
    snippet: 'semantic-kernel.py',
    install: pip('sk', 'semantic-kernel', ...OTLP),
    command: MAIN,
    expect: {
      ...ORDER_DESK,
      tools: ['Desk-get_weather', 'Desk-lookup_order'],
      failed: ['Desk-lookup_order'],
      readable: 0,
    },
  },
  {
    id: 'mlflow',
    folder: 'mlflow',
    snippet: 'mlflow.sh',
    install: pip('mlflow', 'mlflow-skinny', 'openai', ...OTLP),
    command: MAIN,
    expect: { ...ORDER_DESK, generations: 1, readable: 1 },
  },
  {
    id: 'mcp',
    folder: 'mcp',
    snippet: 'mcp.py',
    install: pip('mcp', 'mcp>=2', ...OTLP),
    command: MAIN,
    expect: { tools: ['get_weather'] },
  },
  ...NPM_CLIENTS,
  ...CLI_CLIENTS,
];
