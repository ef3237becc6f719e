import asyncio
import os

from autogen_agentchat.agents import AssistantAgent
from autogen_ext.models.openai import OpenAIChatCompletionClient


async def get_weather(city: str) -> str:
    """The weather of a city."""
    return "sunny in " + city


async def lookup_order(order_id: str) -> str:
    """An order."""
    raise RuntimeError("the order store is offline")


async def main():
    client = OpenAIChatCompletionClient(
        model="m",
        base_url=os.environ["MODEL_URL"] + "/v1",
        api_key="local",
        model_info={
            "vision": False,
            "function_calling": True,
            "json_output": False,
            "structured_output": False,
            "family": "unknown",
        },
    )
    agent = AssistantAgent(
        "OrderAgent", model_client=client, tools=[get_weather, lookup_order], max_tool_iterations=5
    )
    result = await agent.run(task="Where is my order?")
    print(result.messages[-1].content)


asyncio.run(main())
