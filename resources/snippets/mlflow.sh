# In the shell that starts the app. The address is used as it stands.
export OTEL_EXPORTER_OTLP_TRACES_ENDPOINT={{endpoint}}/v1/traces
export OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/protobuf
