# In the shell that starts the app. The SDK appends /v1/traces by itself.
export TRACELOOP_BASE_URL={{endpoint}}
export TRACELOOP_API_KEY=local
# The SDK's own usage statistics, which go elsewhere.
export TRACELOOP_TELEMETRY=false
