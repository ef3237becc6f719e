# Before the first run of an agent. Replaces the upload to OpenAI;
# add_trace_processor() instead would keep both.
from agents import set_trace_processors
from agents.tracing.processors import BackendSpanExporter, BatchTraceProcessor

exporter = BackendSpanExporter(
    endpoint="{{endpoint}}/v1/traces/ingest",
    api_key="local",
)
set_trace_processors([BatchTraceProcessor(exporter, schedule_delay=0.25)])
