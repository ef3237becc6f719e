import { adk } from './adk.ts';
import { aiSdkV7 } from './aisdk-v7.ts';
import { aiSdk } from './aisdk.ts';
import { anyAgent } from './any-agent.ts';
import { autogen } from './autogen.ts';
import { claudeCode } from './claude-code.ts';
import { codex } from './codex.ts';
import { crewAi } from './crewai.ts';
import { geminiCli } from './gemini-cli.ts';
import { generic } from './generic.ts';
import { langfuse } from './langfuse.ts';
import { langGraph } from './langgraph.ts';
import { langSmith } from './langsmith.ts';
import { mcp } from './mcp.ts';
import { mlflow } from './mlflow.ts';
import { msAgentFramework } from './ms-agent-framework.ts';
import { openInference } from './openinference.ts';
import { otelGenAi } from './otel-genai.ts';
import { pydanticAi } from './pydantic-ai.ts';
import { semanticKernel } from './semantic-kernel.ts';
import { smolagents } from './smolagents.ts';
import { strands } from './strands.ts';
import { traceloop } from './traceloop.ts';
import type { Dialect } from './types.ts';

/**
 * All dialects, the one whose name a span shows first when several match; at most 31. The order does not decide facts:
 * each source has its own rank.
 */
export const DIALECTS: readonly Dialect[] = [
  claudeCode,
  codex,
  geminiCli,
  aiSdkV7,
  aiSdk,
  langfuse,
  langSmith,
  traceloop,
  openInference,
  crewAi,
  smolagents,
  adk,
  strands,
  pydanticAi,
  msAgentFramework,
  autogen,
  semanticKernel,
  mlflow,
  anyAgent,
  otelGenAi,
  mcp,
  langGraph,
  generic,
];
