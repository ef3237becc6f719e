import os

from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

model = OpenAIChatModel("m", provider=OpenAIProvider(base_url=os.environ["MODEL_URL"] + "/v1", api_key="local"))
agent = Agent(model, name="OrderAgent", instructions="Look it up.", retries=0)


@agent.tool_plain
def get_weather(city: str) -> str:
    """The weather of a city."""
    return "sunny in " + city


print(agent.run_sync("Is it sunny?").output)

failing = Agent(model, name="OrderDesk", instructions="Look it up.", retries=0)


@failing.tool_plain
def lookup_order(order_id: str) -> str:
    """An order."""
    raise RuntimeError("the order store is offline")


try:
    failing.run_sync("Where is my order?")
except RuntimeError as error:
    print(error)
