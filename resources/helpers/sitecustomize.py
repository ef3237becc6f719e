"""Reports what an unchanged app on the OpenAI Agents SDK does to Tracewright.

    PYTHONPATH=/folder/of/this/file TRACEWRIGHT_URL=http://127.0.0.1:4318 python app.py

Python runs a module of this name at every start. This one waits until somebody imports `agents.tracing` and then adds
the processor of tracewright_agents.py beside it; when nobody does, nothing happens. A sitecustomize that the
environment already has still runs. What the app itself reports elsewhere stays, unless TRACEWRIGHT_ONLY=1 says that
Tracewright alone shall get the traces.
"""

import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))
# The module with the functions that apps call; importing it means that all of the package's tracing is there.
_TARGET = "agents.tracing"


def _chain():
    """Runs the next module of our name on the path, which we stand before."""
    import importlib.machinery
    import importlib.util

    paths = [path for path in sys.path if os.path.abspath(path or os.curdir) != _HERE]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", paths)
    if spec is None or spec.loader is None:
        return
    module = importlib.util.module_from_spec(spec)
    # As if it were the only one: it may look itself up.
    sys.modules["sitecustomize"] = module
    spec.loader.exec_module(module)


class _Watcher:
    """Finds nothing itself: it lets the others find the module, and looks at it when it has been loaded."""

    def find_spec(self, name, path=None, target=None):
        if name != _TARGET:
            return None
        import importlib.util

        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None or not hasattr(spec.loader, "exec_module"):
            return spec
        load = spec.loader.exec_module

        def exec_module(module):
            load(module)
            try:
                _attach(module)
            except Exception as error:  # another package of that name, or another version: the app matters more
                if os.environ.get("TRACEWRIGHT_DEBUG") == "1":
                    print("tracewright: not attached: %s" % error, file=sys.stderr)

        spec.loader.exec_module = exec_module
        return spec


def _attach(tracing):
    from tracewright_agents import TracewrightProcessor

    provider_of = getattr(tracing, "get_trace_provider", None)
    if provider_of is None:
        return
    provider = provider_of()
    ours = TracewrightProcessor()
    alone = os.environ.get("TRACEWRIGHT_ONLY") == "1"
    replace = provider.set_processors
    register = provider.register_processor

    def set_processors(processors):
        if any(getattr(each, "_tracewright", False) for each in processors):
            ours.mute()
        replace([ours] if alone else [*processors, ours])

    def register_processor(processor):
        if alone:
            return
        if getattr(processor, "_tracewright", False):
            ours.mute()
        register(processor)

    # The functions of the package go through the provider, whichever name they were imported by.
    provider.set_processors = set_processors
    provider.register_processor = register_processor
    if alone:
        replace([ours])
    else:
        register(ours)


try:
    if os.environ.get("TRACEWRIGHT_DISABLE", "").lower() not in ("1", "true"):
        sys.meta_path.insert(0, _Watcher())
except Exception:
    pass
_chain()
