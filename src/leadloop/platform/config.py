"""How this installation is set up: read once from LEADLOOP_* variables, checked, then fixed."""

from __future__ import annotations

import os
import secrets
import tempfile
import tomllib
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from leadloop.kernel.errors import Invalid

PREFIX = "LEADLOOP_"
SHORTEST_SECRET = 32
TLS = Literal["implicit", "starttls", "none"]
HOME_MODE = 0o711  # the database's system user passes through; what is private inside is 0600 or 0700
MAIL_PORTS = {"smtp": 587, "smtps": 465}
MENDS = {
    "home": "Give the path of a folder.",
    "port": "Give a number from 1 to 65535, such as 8420.",
    "database_url": "Give postgresql://user:password@host:port/name, or leave it out to use our own.",
    "database_owner_url": "Give postgresql://user:password@host:port/name of the role that owns the tables.",
    "pg_bin": "Give the folder that holds postgres, initdb and pg_dump.",
    "secret_key": f"Give at least {SHORTEST_SECRET} random characters, or leave it out to have one made.",
    "debug": "Write true or false.",
    "demo": "Write true or false.",
    "public_url": "Give the address people type, such as https://leads.example.com.",
    "email_url": "Give smtp://user:password@host:port or smtps://user:password@host:port.",
    "log_level": "Write debug, info, warning or error.",
    "allowed_hosts": "List host names, separated by commas.",
    "max_body_bytes": "Give a number of bytes of at least 1024.",
    "spool": "Write true or false.",
    "columns": "Give the path of a folder, or s3://bucket/folder.",
    "engine": "Write duckdb or spark.",
    "meta_url": "Give an https address, such as https://graph.facebook.com/v24.0.",
    "linkedin_url": "Give an https address, such as https://api.linkedin.com/rest.",
}


def default_home() -> Path:
    """Return .leadloop in the checkout when run from one, else the user's data folder."""
    for folder in (Path.cwd(), *Path(__file__).resolve().parents[1:4]):
        with suppress(OSError, tomllib.TOMLDecodeError):
            project = tomllib.loads((folder / "pyproject.toml").read_text()).get("project", {})
            if project.get("name") == "leadloop":
                return folder / ".leadloop"
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "leadloop"


def public_address(host: str, port: int) -> str:
    """Return the address to open on this machine."""
    shown = "localhost" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def _names_of(public_url: str) -> tuple[str, ...]:
    """Return the host names to answer to: the public one and this machine's own."""
    return tuple(dict.fromkeys((urlsplit(public_url).hostname or "", "localhost", "127.0.0.1", "[::1]")))


@dataclass(frozen=True)
class Mail:
    """Where outgoing mail is handed in. ``tls`` is from the first byte (implicit), by STARTTLS, or none."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    tls: TLS


class Config(BaseSettings):
    """The settings of this installation; every one may be left out."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        frozen=True,
        hide_input_in_errors=True,
        populate_by_name=True,
    )

    home: Path = Field(default_factory=default_home)
    host: str = "127.0.0.1"
    port: int = Field(default=8420, ge=1, le=65535)
    database_url: str | None = Field(
        default=None, repr=False, validation_alias=AliasChoices("LEADLOOP_DATABASE_URL", "DATABASE_URL")
    )
    database_owner_url: str | None = Field(default=None, repr=False)
    pg_bin: Path | None = None
    secret_key: SecretStr | None = None
    debug: bool = False
    demo: bool = False
    public_url: str = Field(default_factory=lambda known: public_address(known["host"], known["port"]))
    email_url: str | None = Field(default=None, repr=False)
    email_from: str = "Leadloop <leadloop@localhost>"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default_factory=lambda known: _names_of(known["public_url"])
    )
    max_body_bytes: int = Field(default=1_048_576, ge=1024)
    spool: bool = False
    columns: str = Field(default_factory=lambda known: str(known["home"] / "columns"))
    engine: Literal["duckdb", "spark"] = "duckdb"
    meta_url: str = "https://graph.facebook.com/v24.0"
    linkedin_url: str = "https://api.linkedin.com/rest"
    linkedin_version: str = "202610"

    def secret(self) -> str:
        """Return the key that signs sessions and links; unless given, made once and kept in the home folder."""
        if self.secret_key:
            return self.secret_key.get_secret_value()
        return kept_secret(self.home / "secret-key")

    def mail(self) -> Mail | None:
        """Return where mail goes out; None when messages are held and nothing is sent."""
        return _mail(urlsplit(self.email_url)) if self.email_url else None

    @property
    def embedded(self) -> bool:
        """True when the database is our own child process rather than one named by DATABASE_URL."""
        return self.database_url is None

    @field_validator("home", "pg_bin")
    @classmethod
    def _absolute(cls, path: Path | None) -> Path | None:
        return path.expanduser().absolute() if path else None

    @field_validator("database_url", "database_owner_url")
    @classmethod
    def _postgres(cls, url: str | None) -> str | None:
        if url and urlsplit(url).scheme not in {"postgres", "postgresql"}:
            raise ValueError("only PostgreSQL is supported")
        return url

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, key: SecretStr | None) -> SecretStr | None:
        if key and len(key.get_secret_value()) < SHORTEST_SECRET:
            raise ValueError("the key is too short to be safe")
        return key

    @field_validator("public_url")
    @classmethod
    def _web_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("this is not a web address")
        return url.rstrip("/")

    @field_validator("meta_url", "linkedin_url")
    @classmethod
    def _safe_address(cls, url: str) -> str:
        """Secrets go there: in clear only to this machine, as tests do."""
        parts = urlsplit(url)
        if parts.username or not parts.hostname or not (parts.scheme == "https" or _is_here(parts.hostname)):
            raise ValueError("this is not the address of a service to ask safely")
        return url.rstrip("/")

    @field_validator("email_url")
    @classmethod
    def _mail_address(cls, url: str | None) -> str | None:
        parts = urlsplit(url or "smtp://none")
        if parts.scheme not in MAIL_PORTS or not parts.hostname:
            raise ValueError("this is not the address of a mail server")
        _ = parts.port  # raises ValueError when it is no number
        return url

    @field_validator("log_level", mode="before")
    @classmethod
    def _lower(cls, level: Any) -> Any:
        return level.lower() if isinstance(level, str) else level

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _names(cls, names: Any) -> Any:
        if not isinstance(names, str):
            return names
        return tuple(name.strip() for name in names.split(",") if name.strip())


@lru_cache(maxsize=1)
def load() -> Config:
    """Read the settings from the environment; Invalid names the first wrong variable and how to mend it."""
    try:
        return Config()
    except ValidationError as wrong:
        first = wrong.errors(include_input=False, include_context=False)[0]
        name = str(first["loc"][0])
        key = name.lower().removeprefix(PREFIX.lower())
        variable = name if name.isupper() else PREFIX + name.upper()
        problem = first["msg"].removeprefix("Value error, ")
        raise Invalid(problem, field=variable, mend=MENDS.get(key, "")) from None


def kept_secret(path: Path) -> str:
    """Return the secret kept at ``path`` (mode 0600), made on first use; two may ask at once."""
    with suppress(FileNotFoundError):
        return path.read_text().strip()
    path.parent.mkdir(parents=True, exist_ok=True, mode=HOME_MODE)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # mkstemp makes it 0600
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(draft, path)  # unlike a rename, a link never replaces what another process has just kept
    os.unlink(draft)
    return path.read_text().strip()


def _mail(parts: SplitResult) -> Mail:
    """Read a checked mail address. A password never travels in clear, except to this machine."""
    host, user = parts.hostname or "", unquote(parts.username or "")
    port = parts.port or MAIL_PORTS[parts.scheme]
    clear: TLS = "none" if _is_here(host) or not (user or port == MAIL_PORTS["smtp"]) else "starttls"
    tls: TLS = "implicit" if parts.scheme == "smtps" else clear
    return Mail(host=host, port=port, user=user, password=unquote(parts.password or ""), tls=tls)


def _is_here(host: str) -> bool:
    """True for the names of this machine itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
