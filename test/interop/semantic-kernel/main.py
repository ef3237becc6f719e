import asyncio
import os

from openai import AsyncOpenAI
from semantic_kernel.agents import ChatCompletionAgent
from semantic_kernel.connectors.ai.open_ai import OpenAIChatCompletion
from semantic_kernel.functions import kernel_function


class Desk:
    @kernel_function(description="The weather of a city.")
    def get_weather(self, city: str) -> str:
        return "sunny in " + city

    @kernel_function(description="An order.")
    def lookup_order(self, order_id: str) -> str:
        raise RuntimeError("the order store is offline")


async def main():
    client = AsyncOpenAI(api_key="local", base_url=os.environ["MODEL_URL"] + "/v1")
    service = OpenAIChatCompletion(ai_model_id="m", async_client=client)
    agent = ChatCompletionAgent(name="OrderAgent", instructions="Look it up.", service=service, plugins=[Desk()])
    print(await agent.get_response(messages="Where is my order?"))


asyncio.run(main())
