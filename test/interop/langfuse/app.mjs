// @ts-nocheck: run, not compiled: its packages are where it runs.
import { LangfuseSpanProcessor } from '@langfuse/otel';
import { startActiveObservation } from '@langfuse/tracing';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

const provider = new NodeTracerProvider({ spanProcessors: [new LangfuseSpanProcessor()] });
provider.register();
await startActiveObservation(
  'OrderAgent',
  async (agent) => {
    agent.update({ input: 'Where is my order?' });
    const call = agent.startObservation(
      'ask',
      { model: 'm', input: [{ role: 'user', content: 'Where is my order?' }] },
      { asType: 'generation' },
    );
    call.update({ output: { role: 'assistant', content: 'sunny' }, usageDetails: { input: 42, output: 17 } }).end();
    agent.startObservation('get_weather', { input: { city: 'Paris' }, output: 'sunny' }, { asType: 'tool' }).end();
    const order = agent.startObservation('lookup_order', { input: { order_id: 'A-17' } }, { asType: 'tool' });
    order.update({ level: 'ERROR', statusMessage: 'the order store is offline' }).end();
  },
  { asType: 'agent' },
);
await provider.shutdown();
