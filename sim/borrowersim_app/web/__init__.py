"""The web page, where a person practises a call."""

from borrowersim_app.web.page import Around, build_page
from borrowersim_app.web.server import launch
from borrowersim_app.web.studio import Studio, offered

__all__ = ["Around", "Studio", "build_page", "launch", "offered"]
