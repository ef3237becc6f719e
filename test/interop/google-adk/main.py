import asyncio

from google.adk.agents import Agent
from google.adk.runners import InMemoryRunner
from google.genai import types


def get_weather(city: str) -> dict:
    """The weather of a city."""
    return {"sky": "sunny in " + city}


def lookup_order(order_id: str) -> dict:
    """An order."""
    raise RuntimeError("the order store is offline")


async def main(tools):
    desk = Agent(
        name="OrderAgent",
        model="gemini-2.5-flash",
        description="Orders.",
        tools=tools,
        disallow_transfer_to_parent=True,
    )
    triage = Agent(name="Triage", model="gemini-2.5-flash", instruction="Send it on.", sub_agents=[desk])
    runner = InMemoryRunner(agent=triage, app_name="desk")
    session = await runner.session_service.create_session(app_name="desk", user_id="u")
    message = types.Content(role="user", parts=[types.Part(text="Where is my order?")])
    async for event in runner.run_async(user_id="u", session_id=session.id, new_message=message):
        if event.is_final_response():
            print(event.content.parts[0].text if event.content else "no answer")


asyncio.run(main([get_weather]))
try:
    asyncio.run(main([lookup_order]))
except RuntimeError as error:
    print(error)
