// Before the first call: node --import ./this-file.mjs app.mjs
import { OpenTelemetry } from '@ai-sdk/otel';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { registerTelemetry } from 'ai';

const exporter = new OTLPTraceExporter({ url: '{{endpoint}}/v1/traces' });
const provider = new NodeTracerProvider({
  spanProcessors: [new BatchSpanProcessor(exporter, { scheduledDelayMillis: 500 })],
});
// In this order: registered before the provider, the SDK reports nothing.
provider.register();
registerTelemetry(new OpenTelemetry());
process.once('beforeExit', () => provider.forceFlush());

// To name an agent, in its settings or its call:
//   telemetry: { functionId: 'name of the agent' }
