from agents import Agent, Runner, function_tool


@function_tool
def get_weather(city: str) -> str:
    """The weather of a city."""
    return "sunny in " + city


@function_tool
def lookup_order(order_id: str) -> str:
    """An order."""
    raise RuntimeError("the order store is offline")


desk = Agent(name="OrderAgent", instructions="Look it up.", model="m", tools=[get_weather, lookup_order])
triage = Agent(name="Triage", instructions="Send it on.", model="m", handoffs=[desk])
print(Runner.run_sync(triage, "Where is my order?").final_output)
