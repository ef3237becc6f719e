import os

from strands import Agent, tool
from strands.models.openai import OpenAIModel


@tool
def get_weather(city: str) -> str:
    """The weather of a city."""
    return "sunny in " + city


@tool
def lookup_order(order_id: str) -> str:
    """An order."""
    raise RuntimeError("the order store is offline")


model = OpenAIModel(
    client_args={"api_key": "local", "base_url": os.environ["MODEL_URL"] + "/v1"}, model_id="m"
)
agent = Agent(name="OrderAgent", model=model, tools=[get_weather, lookup_order], callback_handler=None)
print(agent("Where is my order?"))
