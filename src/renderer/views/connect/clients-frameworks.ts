/** Agent frameworks: most report through OpenTelemetry, some by themselves and some by an instrumentation. */
import type { ConnectClient } from './client.ts';

const EXPORTER = 'opentelemetry-sdk opentelemetry-exporter-otlp-proto-http';
// The two that go together: newest of each do not.
const NODE_EXPORTER = '@opentelemetry/sdk-trace-node@2 @opentelemetry/exporter-trace-otlp-proto@0.223';
const AT_END = 'Spans arrive when they end, so that a run shows from its leaves up.';

export const FRAMEWORKS: readonly ConnectClient[] = [
  {
    id: 'langgraph',
    title: 'LangGraph, LangChain',
    languages: ['Python', 'JavaScript', 'TypeScript'],
    snippets: [
      { label: 'No change in code', file: 'langsmith.sh', install: null },
      {
        label: 'OpenInference',
        file: 'langgraph.py',
        install: `pip install openinference-instrumentation-langchain ${EXPORTER}`,
      },
    ],
    arrives:
      'Nodes, model calls, tools and retrievers with input and output, running ones too; thread_id becomes the session.',
    lacks: 'Nothing says which node is an agent: nodes that call a model are taken for agents, and marked as inferred.',
    pitfalls: [
      'Without LANGSMITH_TRACING=true nothing is sent; the older LANGCHAIN_TRACING_V2 works as well.',
      'In a serverless function, await the client’s flush before it returns.',
    ],
    tell: { dialects: ['langgraph', 'langsmith', 'openinference'], source: /lang/i },
  },
  {
    id: 'ai-sdk-7',
    title: 'Vercel AI SDK 7',
    languages: ['JavaScript', 'TypeScript'],
    alsoCalled: ['ai', 'generateText', 'streamText'],
    snippets: [{ label: 'In code', file: 'ai-sdk-7.mjs', install: `npm install @ai-sdk/otel ${NODE_EXPORTER}` }],
    arrives: 'Agents, steps, model calls and tools with messages, tokens and errors.',
    lacks: `The SDK drops telemetry metadata, so that no session arrives unless the app adds session.id to a span. ${AT_END}`,
    pitfalls: [
      'registerTelemetry() before the provider is registered reports nothing.',
      'In Next.js this belongs into instrumentation.ts.',
    ],
    tell: { dialects: ['aisdk_v7'] },
  },
  {
    id: 'ai-sdk-6',
    title: 'Vercel AI SDK 4 to 6',
    languages: ['JavaScript', 'TypeScript'],
    alsoCalled: ['ai', 'generateText', 'streamText'],
    snippets: [{ label: 'In code', file: 'ai-sdk-6.mjs', install: `npm install ${NODE_EXPORTER}` }],
    arrives: 'Calls, steps and tools with messages, tokens and errors; metadata.sessionId becomes the session.',
    lacks: `Only calls with experimental_telemetry are reported. ${AT_END}`,
    pitfalls: [
      'recordInputs: false and recordOutputs: false leave the text out.',
      'In Next.js this belongs into instrumentation.ts.',
    ],
    tell: { dialects: ['aisdk_legacy'] },
  },
  {
    id: 'pydantic-ai',
    title: 'Pydantic AI',
    languages: ['Python'],
    alsoCalled: ['logfire'],
    snippets: [{ label: 'In code', file: 'pydantic-ai.py', install: `pip install ${EXPORTER}` }],
    arrives: 'Agents, model calls and tools with messages, tokens and cost.',
    lacks: AT_END,
    pitfalls: [
      'InstrumentationSettings(include_content=False) leaves the text out.',
      'With Logfire: logfire.configure(send_to_logfire=False) and OTEL_EXPORTER_OTLP_ENDPOINT do the same.',
    ],
    tell: { dialects: ['pydantic_ai'] },
  },
  {
    id: 'crewai',
    title: 'CrewAI',
    languages: ['Python'],
    snippets: [
      {
        label: 'OpenInference',
        file: 'crewai.py',
        install: `pip install openinference-instrumentation-crewai openinference-instrumentation-openai ${EXPORTER}`,
      },
    ],
    arrives: 'Crews, agents by role, tasks, tools and model calls.',
    lacks: `A tool that fails is retried by the crew without always saying so. ${AT_END}`,
    pitfalls: [
      'CREWAI_DISABLE_TELEMETRY=true stops only the statistics that CrewAI sends to its maker.',
      'OTEL_SDK_DISABLED=true, often set for the same purpose, turns these traces off as well.',
    ],
    tell: { dialects: ['crewai', 'openinference'], source: /crew/i },
  },
  {
    id: 'google-adk',
    title: 'Google ADK',
    languages: ['Python'],
    alsoCalled: ['agent development kit', 'gemini', 'vertex'],
    snippets: [
      { label: 'In code', file: 'google-adk.py', install: 'pip install opentelemetry-exporter-otlp-proto-http' },
    ],
    arrives: 'Invocations, agents, transfers, model calls and tools with request and response.',
    lacks: AT_END,
    pitfalls: [
      'ADK_CAPTURE_MESSAGE_CONTENT_IN_SPANS=false leaves the text out.',
      'adk web and adk run take OTEL_EXPORTER_OTLP_ENDPOINT by themselves.',
    ],
    tell: { dialects: ['adk'] },
  },
  {
    id: 'agent-framework',
    title: 'Microsoft Agent Framework',
    languages: ['Python', 'C#'],
    alsoCalled: ['maf', 'azure', 'dotnet'],
    snippets: [{ label: 'Python', file: 'agent-framework.py', install: `pip install ${EXPORTER}` }],
    arrives: 'Agents, workflows with their executors and messages, model calls and tools.',
    lacks: `Messages, arguments and results only with enable_sensitive_data. ${AT_END}`,
    pitfalls: ['It exports over gRPC unless OTEL_EXPORTER_OTLP_PROTOCOL says otherwise; both arrive here.'],
    tell: { dialects: ['ms_agent_framework'] },
  },
  {
    id: 'autogen',
    title: 'AutoGen',
    languages: ['Python'],
    alsoCalled: ['autogen-agentchat', 'autogen-core', 'ag2'],
    snippets: [{ label: 'In code', file: 'autogen.py', install: `pip install ${EXPORTER}` }],
    arrives: 'Agents, tools, and the messages that agents send each other.',
    lacks: `AutoGen reports no model calls: add an instrumentation of the model client for them. ${AT_END}`,
    pitfalls: ['AUTOGEN_DISABLE_RUNTIME_TRACING=true turns it off.'],
    tell: { dialects: ['autogen'] },
  },
  {
    id: 'semantic-kernel',
    title: 'Semantic Kernel',
    languages: ['Python', 'C#', 'Java'],
    alsoCalled: ['microsoft', 'dotnet'],
    snippets: [{ label: 'Python', file: 'semantic-kernel.py', install: `pip install ${EXPORTER}` }],
    arrives: 'Agents, functions and model calls with tokens.',
    lacks: `The text of messages goes to Python’s log, not into spans, and does not arrive. ${AT_END}`,
    pitfalls: ['The switches are read when semantic_kernel is imported: set them before.'],
    tell: { dialects: ['semantic_kernel'] },
  },
  {
    id: 'strands',
    title: 'Strands Agents',
    languages: ['Python'],
    alsoCalled: ['aws', 'bedrock'],
    snippets: [{ label: 'In code', file: 'strands.py', install: "pip install 'strands-agents[otel]'" }],
    arrives: 'Agents, swarms and graphs, event loop cycles, model calls and tools with messages.',
    lacks: AT_END,
    pitfalls: ['setup_otlp_exporter() belongs before the agents: they take the provider that is there.'],
    tell: { dialects: ['strands'] },
  },
  {
    id: 'smolagents',
    title: 'smolagents',
    languages: ['Python'],
    alsoCalled: ['hugging face'],
    snippets: [
      {
        label: 'OpenInference',
        file: 'smolagents.py',
        install: `pip install openinference-instrumentation-smolagents ${EXPORTER}`,
      },
    ],
    arrives: 'Agents, managed agents, steps, tools and model calls with messages.',
    lacks: `What a CodeAgent’s program calls shows as tools only where they are smolagents tools. ${AT_END}`,
    pitfalls: ['Instrument before the agent is made.'],
    tell: { dialects: ['smolagents', 'openinference'], source: /smol/i },
  },
  {
    id: 'mcp',
    title: 'Model Context Protocol',
    languages: ['Python'],
    alsoCalled: ['mcp', 'fastmcp'],
    snippets: [{ label: 'In code', file: 'mcp.py', install: `pip install 'mcp>=2' ${EXPORTER}` }],
    arrives: 'The requests of a client to its servers, tool calls by name.',
    lacks: 'Arguments and results are not in these spans; the server’s side joins only when it exports as well.',
    pitfalls: ['A framework that is instrumented too reports the same call: both are shown as one.'],
    tell: { dialects: ['mcp'] },
  },
];
