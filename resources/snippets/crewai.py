# Before the agents are made.
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from openinference.instrumentation.crewai import CrewAIInstrumentor
from openinference.instrumentation.openai import OpenAIInstrumentor

provider = TracerProvider()
provider.add_span_processor(
    BatchSpanProcessor(OTLPSpanExporter("{{endpoint}}/v1/traces"), schedule_delay_millis=500)
)
CrewAIInstrumentor().instrument(tracer_provider=provider)
# The crew's model calls; for another provider, its instrumentation.
OpenAIInstrumentor().instrument(tracer_provider=provider)
