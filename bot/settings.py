"""Secrets and addresses, from the environment (`DESKBELL_...`); the only place that reads it. The office's policy is in the database."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Each field is a variable of the same name in capitals, with `DESKBELL_` before it; two names that platforms set are known too."""

    model_config = SettingsConfigDict(env_prefix="DESKBELL_", env_file=".env", extra="ignore", populate_by_name=True)

    database_url: str = Field(default="sqlite:///var/deskbell.db", validation_alias="DATABASE_URL")
    redis_url: str | None = Field(default=None, validation_alias="REDIS_URL")
    data_folder: Path = Path("var")
    """Where files are kept that belong to tickets. Replicas share it."""

    host: str = "127.0.0.1"
    port: int = Field(default=3000, ge=0, le=65535)
    public_url: str | None = None

    office: str | None = None
    """The key of the office that the Slack workspace belongs to; not needed while there is only one."""

    slack_signing_secret: SecretStr | None = None
    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_client_id: str | None = None
    slack_client_secret: SecretStr | None = None
    secret_keys: SecretStr | None = None
    """Seal tokens and sign invitations: one or several, separated by commas, the newest first."""
    open_signup: bool = False
    """Whether a workspace may install us without an invitation: it gets an office of its own."""
    slack_command: str = "/issue"
    slack_reaction: str = "ticket"
    """The emoji that makes a ticket of the message it is put on, without its colons."""
    slack_manager_field: str = "Manager"
    """The label of the profile field that names somebody's manager, where the workspace has one; empty: it is never read."""
    slack_api_url: str = "https://slack.com/api/"

    log_format: Literal["json", "console"] = "json"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    lease_seconds: float = Field(default=30, ge=15)
    """How long a row of the outbox belongs to the process that took it: what a killed process had taken is done by others after that."""
    broadcasts_per_second: float = Field(default=1, gt=0, le=50)
    """How fast one message goes out into many channels; all else goes beside it."""
    stop_seconds: float = Field(default=20, gt=0)
    """How long a graceful stop may take."""

    @field_validator("slack_command")
    @classmethod
    def _begins_with_a_slash(cls, value: str) -> str:
        if not value.startswith("/") or not 2 <= len(value) <= 32 or value != value.lower() or " " in value:
            raise ValueError('a command begins with "/", is in lower case and has 2 to 32 characters without a space')
        return value

    @property
    def has_slack(self) -> bool:
        return not self.missing_for_slack

    @property
    def has_oauth(self) -> bool:
        """Whether workspaces can install us from a link."""
        return bool(self.slack_client_id)

    @property
    def missing_for_slack(self) -> list[str]:
        """The variables that the chosen way of being in Slack needs, and that are not set."""
        wanted: tuple[str, ...]
        if self.has_oauth:
            proof = () if self.slack_app_token else ("slack_signing_secret",)
            wanted = (*proof, "slack_client_secret", "public_url", "secret_keys")
        else:
            wanted = ("slack_app_token", "slack_bot_token") if self.slack_app_token else ("slack_signing_secret", "slack_bot_token")
        return [f"DESKBELL_{name.upper()}" for name in wanted if not _filled(getattr(self, name))]


def _filled(value: SecretStr | str | None) -> bool:
    return bool(value.get_secret_value() if isinstance(value, SecretStr) else value)
