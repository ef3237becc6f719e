# Before the agents are made.
import os

os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "{{endpoint}}"
os.environ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf"

from strands.telemetry import StrandsTelemetry

StrandsTelemetry().setup_otlp_exporter()
