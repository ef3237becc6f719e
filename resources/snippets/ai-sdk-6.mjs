// Before the first call: node --import ./this-file.mjs app.mjs
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

const exporter = new OTLPTraceExporter({ url: '{{endpoint}}/v1/traces' });
const provider = new NodeTracerProvider({
  spanProcessors: [new BatchSpanProcessor(exporter, { scheduledDelayMillis: 500 })],
});
provider.register();
process.once('beforeExit', () => provider.forceFlush());

// And in each call or agent:
//   experimental_telemetry: { isEnabled: true, functionId: 'name of the agent' }
