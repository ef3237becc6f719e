import asyncio
import os

from agent_framework.openai import OpenAIChatCompletionClient


def get_weather(city: str) -> str:
    """The weather of a city."""
    return "sunny in " + city


def lookup_order(order_id: str) -> str:
    """An order."""
    raise RuntimeError("the order store is offline")


async def main():
    client = OpenAIChatCompletionClient(model="m", api_key="local", base_url=os.environ["MODEL_URL"] + "/v1")
    agent = client.as_agent(name="OrderAgent", instructions="Look it up.", tools=[get_weather, lookup_order])
    print((await agent.run("Where is my order?")).text)


asyncio.run(main())
