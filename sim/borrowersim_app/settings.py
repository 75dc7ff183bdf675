"""Settings: environment into one frozen object, read once. Secrets stay in it and are never shown."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from borrowersim.models.catalogue import default_folder

DEFAULT_SERVICE_MODEL = "gpt-4.1-mini"
"""Used when a key or base URL is set but no model is named."""


@dataclass(frozen=True)
class Settings:
    """What the environment says."""

    api_key: str | None = field(default=None, repr=False)
    agent_key: str | None = field(default=None, repr=False)
    """Key of an agent under test behind an address."""
    base_url: str | None = None
    service_model: str = DEFAULT_SERVICE_MODEL
    models_dir: Path = Path()
    password: str | None = field(default=None, repr=False)
    offline: bool = False

    @property
    def has_service(self) -> bool:
        """Say whether an OpenAI-compatible service is configured."""
        return bool(self.api_key or self.base_url)


def read_settings(env: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of an environment."""
    return Settings(
        api_key=env.get("OPENAI_API_KEY") or None,
        agent_key=env.get("BORROWERSIM_AGENT_KEY") or None,
        base_url=env.get("OPENAI_BASE_URL") or None,
        service_model=env.get("BORROWERSIM_MODEL") or DEFAULT_SERVICE_MODEL,
        models_dir=Path(env["BORROWERSIM_MODELS"]) if env.get("BORROWERSIM_MODELS") else default_folder(),
        password=env.get("BORROWERSIM_PASSWORD") or None,
        offline=env.get("BORROWERSIM_OFFLINE", "") not in ("", "0"),
    )
