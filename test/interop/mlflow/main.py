import os

import mlflow
from openai import OpenAI

client = OpenAI(api_key="local", base_url=os.environ["MODEL_URL"] + "/v1")


@mlflow.trace(name="get_weather", span_type="TOOL")
def get_weather(city):
    return "sunny in " + city


@mlflow.trace(name="lookup_order", span_type="TOOL")
def lookup_order(order_id):
    raise RuntimeError("the order store is offline")


@mlflow.trace(name="ask", span_type="CHAT_MODEL")
def ask(messages):
    return client.chat.completions.create(model="m", messages=messages).choices[0].message.model_dump()


@mlflow.trace(name="OrderAgent", span_type="AGENT")
def order_agent(question):
    get_weather("Paris")
    try:
        lookup_order("A-17")
    except RuntimeError:
        pass
    return ask([{"role": "user", "content": question}])["content"]


print(order_agent("Where is my order?"))
