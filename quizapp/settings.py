"""The settings of an installation, read from ``QUIZAPP_*`` environment variables and typed once, at the start."""

import os
import re
import secrets
from datetime import time
from functools import cache
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from quizapp.core.errors import Invalid
from quizapp.core.hosts import find_ipv6
from quizapp.core.identities import is_safe_server, read_mark

SHORTEST_SECRET = 32
_WELL_KNOWN_SECRETS = ("changeme", "changethis", "secret", "password", "insecure", "example", "development")


@cache
def list_zones() -> frozenset[str]:
    """The names of all time zones there are."""
    return frozenset(available_timezones())


def _zone_exists(name: str) -> str:
    if name not in list_zones():
        raise ValueError(f"“{name}” is not a time zone; write one like Europe/Berlin or UTC")
    return name


def _is_host(host: str) -> bool:
    """Whether a host is made of the letters of names on the network; an IPv4 address is, too."""
    return re.fullmatch(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?", host) is not None


def name_database_fault(address: str) -> str | None:
    """What is wrong with the address of a database, in words; None where nothing is."""
    scheme = address.partition(":")[0]
    if scheme not in ("sqlite", "postgresql", "postgres", "postgresql+psycopg"):
        return f"“{scheme}:” is not a database Quizapp knows; use sqlite:/// or postgresql://"
    try:
        make_url(address)
    except (ArgumentError, ValueError):
        return "that is no database address; write postgresql://USER@HOST:PORT/NAME"
    return None


def split_address(address: str) -> tuple[str, int]:
    """The host and the port of ``HOST:PORT``, ``[IPV6]:PORT``. Raises ValueError."""
    host, _, port = address.rpartition(":")
    if not host or not (port.isascii() and port.isdecimal()) or not 0 < int(port) < 65_536:
        raise ValueError("write a host and a port, such as 127.0.0.1:9090")
    return host.removeprefix("[").removesuffix("]"), int(port)


class Settings(BaseSettings):
    """One installation. Every field can be set as ``QUIZAPP_<NAME>`` in the environment."""

    model_config = SettingsConfigDict(
        env_prefix="QUIZAPP_", env_file=None, env_ignore_empty=True, extra="ignore", frozen=True
    )

    data_dir: Path = Field(
        default=Path("instance"),
        description="Folder for the database, the secret key and uploads. Default: instance/ in the working directory.",
    )
    database_url: str = Field(
        default="",
        description="Where the data is: sqlite:///FILE or postgresql://USER@HOST/NAME. Default: an SQLite file in the"
        " data directory.",
    )
    secret_key: str = Field(
        default="",
        description=f"Key that signs forms and cookies, at least {SHORTEST_SECRET} characters. Default: made once into"
        " the data directory, readable by its owner alone.",
    )
    secret_key_file: Path | None = Field(
        default=None, description="File that holds the secret key, instead of QUIZAPP_SECRET_KEY."
    )
    timezone: Annotated[str, AfterValidator(_zone_exists)] = Field(
        default="UTC", description="Time zone of the school, such as Europe/Berlin. Default: UTC."
    )
    day_start: time = Field(default=time(4), description="Time of day at which a new study day begins. Default: 04:00.")
    public_url: str = Field(
        default="",
        description="Address at which people reach the app, such as https://quiz.example.org. Default: as asked.",
    )
    trusted_proxies: Annotated[int, Field(ge=0, le=10)] = Field(
        default=0, description="How many reverse proxies stand before the app. Default: 0, no proxy header is believed."
    )

    draft_url: str = Field(
        default="",
        description="Address of a language model of your own that may suggest cards (docs/drafting.md). Default: none.",
    )
    draft_token: str = Field(default="", repr=False, description="Token that this language model wants. Default: none.")

    oidc_issuer: str = Field(
        default="",
        description="Address of the school's sign-in server (OpenID Connect), as it calls itself, such as"
        " https://login.example.org/realms/school; docs/sign-in.md. Wants QUIZAPP_PUBLIC_URL. Default: none.",
    )
    oidc_client_id: str = Field(default="", description="The name that the sign-in server gave this Quizapp.")
    oidc_client_secret: str = Field(default="", repr=False, description="The secret that goes with this name, if any.")
    oidc_client_secret_file: Path | None = Field(
        default=None, description="File that holds this secret, instead of QUIZAPP_OIDC_CLIENT_SECRET."
    )
    oidc_name: Annotated[str, Field(max_length=40)] = Field(
        default="", description="What people call the sign-in server, for the button. Default: its host."
    )
    oidc_teachers: str = Field(
        default="",
        description="CLAIM=VALUE that makes a teacher, such as groups=teachers. Default: everybody is a student.",
    )
    oidc_only: bool = Field(
        default=False,
        description="true: the sign-in server is the only way in, passwords count no more. Default: false.",
    )

    backups: str = Field(
        default="",
        description="Folder for the backups that are made by themselves every half hour, or off. Default: backups/ in"
        " the data directory. PostgreSQL has tools of its own.",
    )

    metrics: str = Field(
        default="",
        description="HOST:PORT at which Prometheus may ask for metrics, such as 127.0.0.1:9090. Default: none.",
    )
    log: Literal["text", "json"] = Field(
        default="text",
        description="text, or json: a line for each request and message, without personal data. Default: text.",
    )

    @field_validator("secret_key")
    @classmethod
    def _secret_is_strong(cls, value: str) -> str:
        if value and (len(value) < SHORTEST_SECRET or any(word in value.lower() for word in _WELL_KNOWN_SECRETS)):
            raise ValueError(
                f"the secret key must be random and at least {SHORTEST_SECRET} characters long;"
                " make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )
        return value

    @field_validator("public_url")
    @classmethod
    def _public_url_is_whole(cls, value: str) -> str:
        if not value:
            return value
        try:
            parts = urlsplit(value)
            host, _ = parts.hostname or "", parts.port  # a wrong port or half an IPv6 address is a ValueError
        except ValueError as error:
            raise ValueError(f"that is no address: {error}") from error
        if parts.scheme not in ("https", "http"):
            raise ValueError("write the whole address, beginning with https:// or http://")
        address = find_ipv6(parts.netloc)
        if not (address or _is_host(host)) or parts.username is not None or parts.query or parts.fragment:
            raise ValueError(
                "write https://, a host name and at most a port, such as https://quiz.example.org;"
                " an IPv6 address stands in brackets, without a zone: http://[fd00::1]:8000"
            )
        if address:  # as browsers write it in the Origin header
            port = "" if parts.port is None else f":{parts.port}"
            value = f"{parts.scheme}://[{address.compressed}]{port}{parts.path}"
        return value.rstrip("/")

    @field_validator("draft_url")
    @classmethod
    def _draft_url_is_whole(cls, value: str) -> str:
        try:
            parts = urlsplit(value)
            is_whole = parts.scheme in ("https", "http") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            is_whole = False
        if value and (not is_whole or parts.username is not None or not value.isascii() or not value.isprintable()):
            raise ValueError("write the whole address, such as https://models.example.org/draft, without a password")
        return value

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer_is_safe(cls, value: str) -> str:
        if value and (not is_safe_server(value) or "?" in value):
            raise ValueError("write the whole address, beginning with https://, such as https://login.example.org")
        return value

    @field_validator("oidc_client_id", "oidc_client_secret", "oidc_name")
    @classmethod
    def _is_printable(cls, value: str) -> str:
        if not value.isprintable():
            raise ValueError("there are signs in it that cannot be printed")
        return value.strip()

    @field_validator("oidc_teachers")
    @classmethod
    def _mark_is_whole(cls, value: str) -> str:
        if value:
            read_mark(value)
        return value

    @field_validator("draft_token")
    @classmethod
    def _draft_token_fits_a_header(cls, value: str) -> str:
        if not value.isascii() or not value.isprintable():
            raise ValueError("the token must be of plain letters, digits and marks")
        return value

    @field_validator("day_start")
    @classmethod
    def _day_start_is_of_the_school(cls, value: time) -> time:
        if value.tzinfo is not None:
            raise ValueError("write the time of day alone, such as 04:00; the time zone is QUIZAPP_TIMEZONE")
        return value

    @field_validator("metrics")
    @classmethod
    def _metrics_has_a_port(cls, value: str) -> str:
        if value:
            split_address(value)
        return value

    @field_validator("database_url")
    @classmethod
    def _database_is_known(cls, value: str) -> str:
        if value and (fault := name_database_fault(value)) is not None:
            raise ValueError(fault)
        return value

    @model_validator(mode="after")
    def _one_secret_only(self) -> "Settings":
        if self.secret_key and self.secret_key_file is not None:
            raise ValueError("set QUIZAPP_SECRET_KEY or QUIZAPP_SECRET_KEY_FILE, not both")
        return self

    @model_validator(mode="after")
    def _sign_in_server_is_whole(self) -> "Settings":
        if self.oidc_issuer and not self.oidc_client_id:
            raise ValueError("with QUIZAPP_OIDC_ISSUER set QUIZAPP_OIDC_CLIENT_ID, too")
        if self.oidc_issuer and not is_safe_server(self.public_url):
            raise ValueError("with QUIZAPP_OIDC_ISSUER set QUIZAPP_PUBLIC_URL, too, with https://")
        if self.oidc_client_secret and self.oidc_client_secret_file is not None:
            raise ValueError("set QUIZAPP_OIDC_CLIENT_SECRET or QUIZAPP_OIDC_CLIENT_SECRET_FILE, not both")
        if self.oidc_only and not self.oidc_issuer:
            raise ValueError("QUIZAPP_OIDC_ONLY without QUIZAPP_OIDC_ISSUER would let nobody in")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the school."""
        return ZoneInfo(self.timezone)

    @property
    def resolved_database_url(self) -> str:
        """The database to open: the one named, or the SQLite file of the data directory."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'quizapp.db').absolute()}"

    @property
    def backup_folder(self) -> Path | None:
        """Where backups are made; None where they are switched off."""
        if self.backups.strip().lower() == "off":
            return None
        return (Path(self.backups) if self.backups else self.data_dir / "backups").absolute()

    def find_secret(self) -> str:
        """The secret key: as set, from its file, or made once into the data directory.

        Raises Invalid where the key file cannot be read or holds a weak key.
        """
        if self.secret_key:
            return self.secret_key
        if self.secret_key_file is not None:
            return _read_secret(self.secret_key_file)
        self.prepare_data_dir()
        path = self.data_dir / "secret-key"
        if not path.exists():
            _make_secret(path)
        return _read_secret(path)

    def find_client_secret(self) -> str:
        """The secret of the sign-in server: as set, or from its file. Raises Invalid where that cannot be read."""
        if self.oidc_client_secret_file is None:
            return self.oidc_client_secret
        return _read_file(self.oidc_client_secret_file, "file of the sign-in server's secret")

    def prepare_data_dir(self) -> None:
        """Make the data directory, for its owner alone. Raises Invalid where that is not allowed."""
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise Invalid(
                f"The data directory {self.data_dir} cannot be made ({error.strerror}). Set QUIZAPP_DATA_DIR to a"
                " folder you may write to."
            ) from error


def _read_file(path: Path, what: str) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"The {what} {path} cannot be read: {error}.") from error


def _read_secret(path: Path) -> str:
    secret = _read_file(path, "secret key file")
    if len(secret) < SHORTEST_SECRET:
        raise Invalid(f"The secret key in {path} is shorter than {SHORTEST_SECRET} characters. Put a longer one there.")
    return secret


def _make_secret(path: Path) -> None:
    # Written aside and linked: of several processes that start at once, one wins and all read the same whole key.
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()


def load_settings() -> Settings:
    """Read the settings from the environment. Raises Invalid, with a sentence for each setting at fault."""
    try:
        return Settings()
    except ValidationError as error:
        fields = {
            f"QUIZAPP_{'_'.join(str(part) for part in problem['loc']).upper()}" if problem["loc"] else "QUIZAPP_*": (
                str(problem["msg"]).removeprefix("Value error, ")
            )
            for problem in error.errors()
        }
        raise Invalid("A setting is not right.", fields) from error
