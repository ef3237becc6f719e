import os

from langchain_openai import ChatOpenAI
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, tools_condition


def get_weather(city: str) -> str:
    """The weather of a city."""
    return "sunny in " + city


def lookup_order(order_id: str) -> str:
    """An order."""
    raise RuntimeError("the order store is offline")


tools = [get_weather, lookup_order]
model = ChatOpenAI(model="m", base_url=os.environ["MODEL_URL"] + "/v1", api_key="local", max_retries=0)


def order_agent(state: MessagesState):
    return {"messages": [model.bind_tools(tools).invoke(state["messages"])]}


graph = StateGraph(MessagesState)
graph.add_node("OrderAgent", order_agent)
graph.add_node("tools", ToolNode(tools, handle_tool_errors=True))
graph.add_edge(START, "OrderAgent")
graph.add_conditional_edges("OrderAgent", tools_condition)
graph.add_edge("tools", "OrderAgent")
result = graph.compile(name="Order desk").invoke(
    {"messages": [("user", "Where is my order?")]}, config={"configurable": {"thread_id": "thread-7"}}
)
print(result["messages"][-1].content)
