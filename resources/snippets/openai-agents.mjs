// Before the first run of an agent. Replaces the upload to OpenAI;
// addTraceProcessor() instead would keep both.
import { BatchTraceProcessor, OpenAITracingExporter, setTraceProcessors } from '@openai/agents';

const exporter = new OpenAITracingExporter({
  endpoint: '{{endpoint}}/v1/traces/ingest',
  apiKey: 'local',
});
setTraceProcessors([new BatchTraceProcessor(exporter, { scheduleDelay: 250 })]);
