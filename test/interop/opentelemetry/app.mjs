// @ts-nocheck: run, not compiled: its packages are where it runs.
// An app that was instrumented by hand with the GenAI conventions, and leaves it to the variables where to send.
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';

const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(new OTLPTraceExporter())] });
provider.register();
const tracer = trace.getTracer('order-desk');
tracer.startActiveSpan(
  'invoke_agent OrderAgent',
  { attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'OrderAgent' } },
  (agent) => {
    const message = (/** @type {string} */ role, /** @type {string} */ content) =>
      JSON.stringify([{ role, parts: [{ type: 'text', content }] }]);
    tracer
      .startSpan('chat m', {
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.request.model': 'm',
          'gen_ai.usage.input_tokens': 42,
          'gen_ai.usage.output_tokens': 17,
          'gen_ai.input.messages': message('user', 'Where is my order?'),
          'gen_ai.output.messages': message('assistant', 'Not to be found.'),
        },
      })
      .end();
    const tool = tracer.startSpan('execute_tool lookup_order', {
      attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'lookup_order' },
    });
    tool.setStatus({ code: SpanStatusCode.ERROR, message: 'the order store is offline' });
    tool.end();
    agent.end();
  },
);
await provider.shutdown();
