# In the shell that starts the app. Any keys will do; they are not kept.
export LANGFUSE_HOST={{endpoint}}
export LANGFUSE_BASEURL={{endpoint}}
export LANGFUSE_PUBLIC_KEY=pk-lf-local
export LANGFUSE_SECRET_KEY=sk-lf-local
