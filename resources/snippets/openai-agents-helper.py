# Before the first run of an agent. Replaces the upload to OpenAI;
# add_trace_processor() instead would keep both.
import sys

from agents import set_trace_processors

sys.path.append("{{helpers}}")
from tracewright_agents import TracewrightProcessor

set_trace_processors([TracewrightProcessor("{{endpoint}}")])
