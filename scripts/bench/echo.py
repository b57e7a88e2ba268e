"""A Starlette application that reads a JSON body and sends it back: the least a server does."""

from starlette.applications import Starlette  # type: ignore[import-not-found]
from starlette.requests import Request  # type: ignore[import-not-found]
from starlette.responses import JSONResponse  # type: ignore[import-not-found]
from starlette.routing import Route  # type: ignore[import-not-found]


async def echo(request: Request) -> JSONResponse:
    """Answer with what was sent."""
    return JSONResponse({"success": True, "msg": "", "data": await request.json()})


app = Starlette(routes=[Route("/echo", echo, methods=["POST"])])
