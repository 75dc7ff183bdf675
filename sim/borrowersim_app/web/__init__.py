"""The web page, where a person practises a call."""

from borrowersim_app.web.page import build_page
from borrowersim_app.web.server import launch
from borrowersim_app.web.session import Session, Studio, offered

__all__ = ["Session", "Studio", "build_page", "launch", "offered"]
