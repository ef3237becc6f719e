import os

from smolagents import OpenAIServerModel, ToolCallingAgent, tool


@tool
def get_weather(city: str) -> str:
    """The weather of a city.

    Args:
        city: its name
    """
    return "sunny in " + city


@tool
def lookup_order(order_id: str) -> str:
    """An order.

    Args:
        order_id: its number
    """
    raise RuntimeError("the order store is offline")


model = OpenAIServerModel(model_id="m", api_base=os.environ["MODEL_URL"] + "/v1", api_key="local")
agent = ToolCallingAgent(tools=[get_weather, lookup_order], model=model, name="OrderAgent", description="Orders.")
print(agent.run("Where is my order?"))
