// Before the first call: node --import ./this-file.mjs app.mjs
import { OpenAIInstrumentation } from '@arizeai/openinference-instrumentation-openai';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import OpenAI from 'openai';

const exporter = new OTLPTraceExporter({ url: '{{endpoint}}/v1/traces' });
const provider = new NodeTracerProvider({
  spanProcessors: [new BatchSpanProcessor(exporter, { scheduledDelayMillis: 500 })],
});
provider.register();
process.once('beforeExit', () => provider.forceFlush());

new OpenAIInstrumentation({ tracerProvider: provider }).manuallyInstrument(OpenAI);
