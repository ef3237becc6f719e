# Before the agents are made.
import os

os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "{{endpoint}}"
os.environ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf"

from agent_framework.observability import configure_otel_providers

# Messages, arguments and results are left out unless asked for.
configure_otel_providers(enable_sensitive_data=True)
