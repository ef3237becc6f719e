import os

from crewai import LLM, Agent, Crew, Task
from crewai.tools import tool


@tool("get_weather")
def get_weather(city: str) -> str:
    """The weather of a city."""
    return "sunny in " + city


@tool("lookup_order")
def lookup_order(order_id: str) -> str:
    """An order."""
    raise RuntimeError("the order store is offline")


llm = LLM(model="openai/gpt-4o-mini", base_url=os.environ["MODEL_URL"] + "/v1", api_key="local")
agent = Agent(
    role="OrderAgent", goal="Find orders", backstory="Knows orders.", llm=llm, tools=[get_weather, lookup_order]
)
task = Task(description="Where is my order?", expected_output="One sentence.", agent=agent)
print(Crew(name="Order desk", agents=[agent], tasks=[task]).kickoff())
