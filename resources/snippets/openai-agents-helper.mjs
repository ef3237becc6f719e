// Before the first run of an agent. Replaces the upload to OpenAI;
// addTraceProcessor() instead would keep both.
import { setTraceProcessors } from '@openai/agents';
import { TracewrightProcessor } from '{{helpersUrl}}/tracewright-agents.mjs';

setTraceProcessors([new TracewrightProcessor({ url: '{{endpoint}}' })]);
