# In the shell that starts the app. Nothing changes in its code.
export TRACEWRIGHT_URL={{endpoint}}
export PYTHONPATH="{{helpers}}${PYTHONPATH:+:$PYTHONPATH}"
