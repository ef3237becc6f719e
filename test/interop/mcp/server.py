from mcp.server.mcpserver import MCPServer

server = MCPServer("desk")


@server.tool()
def get_weather(city: str) -> str:
    """The weather of a city."""
    return "sunny in " + city


server.run()
