# In the shell that starts the app. Nothing changes in its code.
export TRACEWRIGHT_URL={{endpoint}}
export NODE_OPTIONS="--import {{helpersUrl}}/preload-node.mjs"
