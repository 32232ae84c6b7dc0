"""Secrets and addresses, from the environment (`DESKBELL_...`); the only place that reads it. The office's policy is in the database."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.teams.registration import PLAYGROUND, Registration, guid, guids, listed


class Settings(BaseSettings):
    """Each field is a variable of the same name in capitals, with `DESKBELL_` before it; two names that platforms set are known too."""

    model_config = SettingsConfigDict(
        env_prefix="DESKBELL_", env_file=".env", extra="ignore", populate_by_name=True, hide_input_in_errors=True
    )

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

    teams_app_id: str | None = None
    teams_app_password: SecretStr | None = None
    teams_tenant_id: str | None = None
    """The home tenant: the one that the app is registered in, and that gives the token for it."""
    teams_tenants: str = ""
    """The tenants whose people may talk to the bot, separated by commas; without it, the home tenant alone."""
    teams_more: SecretStr | None = Field(default=None, validation_alias="DESKBELL_TEAMS_REGISTRATIONS")
    """More registrations in one deployment: a JSON list, of which each entry is as `bot.teams.registration.listed` reads it."""
    teams_read_channels: bool = False
    """Whether the package asks to hear what is said in a channel or a chat without the bot being mentioned."""
    teams_anonymous: bool = False
    """For the Playground on the same machine: nobody is asked for a token, and no other registration is served."""
    teams_openid_url: str = "https://login.botframework.com/v1/.well-known/openidconfiguration"
    teams_login_url: str = "https://login.microsoftonline.com"

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

    @field_validator("teams_app_id", "teams_tenant_id")
    @classmethod
    def _is_an_id(cls, value: str | None) -> str | None:
        return guid(value) if value and value.strip() else None

    @field_validator("teams_tenants")
    @classmethod
    def _are_ids(cls, value: str) -> str:
        return ",".join(sorted(guids(value)))

    @field_validator("teams_more")
    @classmethod
    def _is_a_list(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is None or not _filled(value):
            return None
        listed(value.get_secret_value(), but=info.data.get("teams_app_id") or "")
        return value

    @field_validator("teams_anonymous")
    @classmethod
    def _only_on_this_machine(cls, value: bool, info: ValidationInfo) -> bool:
        host = info.data.get("host", "")
        if value and not loopback(host):
            raise ValueError(f"without a token check only this machine may reach the bot: set DESKBELL_HOST to 127.0.0.1, not {host}")
        return value

    @field_validator("teams_openid_url", "teams_login_url")
    @classmethod
    def _is_encrypted(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme != "https" and not (parts.scheme == "http" and loopback(parts.hostname or "")):
            raise ValueError("the address has to begin with https://")
        return value.rstrip("/")

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

    @property
    def has_teams(self) -> bool:
        return bool(self.teams_anonymous or (self.teams_registrations and not self.missing_for_teams))

    @property
    def missing_for_teams(self) -> list[str]:
        """The variables that Teams needs and that are not set; none where only a list of registrations is given, or for the Playground."""
        wanted = ("teams_app_id", "teams_app_password", "teams_tenant_id")
        missing = [f"DESKBELL_{name.upper()}" for name in wanted if not _filled(getattr(self, name))]
        return [] if self.teams_anonymous or (self.teams_more and len(missing) == len(wanted)) else missing

    @property
    def teams_registrations(self) -> tuple[Registration, ...]:
        """Those that are served: the one of the single variables (named ""), then those of the list; the Playground's stands alone."""
        if self.teams_anonymous:
            return (replace(PLAYGROUND, office=self.office or ""),)
        more = listed(self.teams_more.get_secret_value()) if self.teams_more else ()
        if not (self.teams_app_id and self.teams_app_password and self.teams_tenant_id):
            return more
        tenants = guids(self.teams_tenants) or frozenset({self.teams_tenant_id})
        password = self.teams_app_password.get_secret_value()
        return Registration("", self.teams_app_id, password, self.teams_tenant_id, tenants, self.office or ""), *more


def loopback(host: str) -> bool:
    """Whether only this machine reaches what listens there."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _filled(value: SecretStr | str | None) -> bool:
    return bool(value.get_secret_value() if isinstance(value, SecretStr) else value)
