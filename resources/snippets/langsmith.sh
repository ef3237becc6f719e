# In the shell that starts the app. Any key will do; it is not kept.
export LANGSMITH_TRACING=true
export LANGSMITH_ENDPOINT={{endpoint}}
export LANGSMITH_API_KEY=local
