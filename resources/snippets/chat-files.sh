# One conversation a line, as {"messages": [...]}, or one message a line. Dropping the file on the window does the same.
tracewright import conversations.jsonl
