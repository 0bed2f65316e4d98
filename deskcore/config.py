"""What this desk is told from outside: defaults, ``instance/config.toml``, then ``DESK_*``.

The instance folder holds everything that is not code; ``DESK_INSTANCE`` moves it. Unknown keys
are refused, so that a typo in a file cannot pass for a setting.
"""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from deskcore.errors import ConfigError

CHECKOUT = Path(__file__).resolve().parent.parent
MEGABYTE = 1024 * 1024
# Set by ``desk dev`` to its own process id, so that no environment that was copied can be taken for it.
DEVELOPER = "DESK_DEVELOPER"
KEY_CHARACTERS = 43  # 256 bits in base64
_DATABASES = frozenset({"sqlite", "postgresql+psycopg"})


class Config(BaseSettings):
    """The frozen configuration of one desk; see ``docs/admins/configuration.md``.

    ``database_url`` is a SQLAlchemy URL. ``base_url`` is what links in mails start with; empty
    means "as listened on"; set, the desk answers to its name and to ``trusted_hosts`` only.
    ``plugins`` unset means those that were switched on. Sizes are in bytes.
    """

    model_config = SettingsConfigDict(env_prefix="DESK_", frozen=True, extra="forbid")

    instance: Path = CHECKOUT / "instance"
    cache_folder: Path | None = None
    database_url: str = ""
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    base_url: str = Field(default="", pattern=r"^(https?://[^\s/]+.*)?$")
    trusted_hosts: tuple[str, ...] = ()
    plugins: tuple[str, ...] | None = None
    safe_mode: bool = False
    web_threads: int = Field(default=16, ge=2, le=256)
    worker_threads: int = Field(default=4, ge=1, le=64)
    web_children: int = Field(default=1, ge=1, le=32)
    worker_children: int = Field(default=1, ge=1, le=32)
    trusted_proxies: int = Field(default=0, ge=0, le=5)
    private_mail_hosts: bool = True
    private_image_hosts: bool = False
    poll_seconds: float = Field(default=60.0, ge=1)
    max_request_bytes: int = 60 * MEGABYTE
    max_mail_bytes: int = 50 * MEGABYTE
    max_file_bytes: int = 25 * MEGABYTE
    log_format: Literal["auto", "json", "text"] = "auto"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("database_url")
    @classmethod
    def _is_of_a_known_database(cls, url: str) -> str:
        """Refuse what names no database the desk works with; it may hold a password."""
        try:
            is_known = not url or make_url(url).drivername in _DATABASES
        except (ArgumentError, ValueError):
            is_known = False
        if not is_known:
            wanted = "this is no address of SQLite or PostgreSQL; see the page on configuration"
            raise PydanticCustomError("database_url", wanted)
        return url

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let arguments win over the environment, and the environment over the file."""
        folder = Path(os.environ.get("DESK_INSTANCE") or CHECKOUT / "instance")
        file = TomlConfigSettingsSource(settings_cls, toml_file=folder / "config.toml")
        return init_settings, env_settings, file

    @property
    def database(self) -> str:
        """The database to use: the configured URL or a SQLite file in the instance folder."""
        return self.database_url or f"sqlite:///{self.instance / 'desk.db'}"

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a SQLite file."""
        return self.database.startswith("sqlite")

    @property
    def compiled_templates(self) -> Path:
        """Where templates are kept that were compiled once; may be removed at any time."""
        return (self.cache_folder or self.instance / "cache") / "templates"

    @property
    def address(self) -> str:
        """What links in mails start with, without a slash: as configured, else as listened on."""
        if self.base_url:
            return self.base_url.rstrip("/")
        host = "localhost" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104  compared with, not bound to
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def files(self) -> Path:
        """Where blobs are stored under their digest."""
        return self.instance / "files"


def load_config(**overrides: object) -> Config:
    """Read the configuration and make the instance folder ready.

    Raises ConfigError with one sentence naming the key and what it should be.
    """
    try:
        config = Config(**overrides)  # type: ignore[arg-type]  # pydantic checks the values
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"Configuration: '{key}': {first['msg']}.") from None
    except (OSError, ValueError) as error:
        raise ConfigError(f"Configuration could not be read: {error}.") from None
    _make_private_folder(config.instance)
    _make_private_folder(config.files)
    return config


def secret_key(config: Config) -> bytes:
    """Return this desk's own secret, made at first use and kept in ``instance/secret.key``.

    Refuses (ConfigError) a key that is too short to be one of ours: there is no default key.
    """
    path = config.instance / "secret.key"
    if not path.exists():
        _write_once(path, secrets.token_urlsafe(48))
    key = path.read_text(encoding="ascii", errors="replace").strip()
    if len(key) < KEY_CHARACTERS or not key.isascii():
        raise ConfigError(f"{path} does not hold a key of 256 bits; remove it to have one made.")
    return key.encode("ascii")


def is_local(config: Config) -> bool:
    """Whether no other machine reaches the desk: it listens on loopback and has no other address."""
    is_loopback = config.host in {"127.0.0.1", "::1", "localhost"}
    return is_loopback and not config.base_url and not config.trusted_proxies


def is_developing(config: Config) -> bool:
    """Whether ``desk dev`` is the parent of this process, on a desk that no other machine reaches."""
    return os.environ.get(DEVELOPER) == str(os.getppid()) and is_local(config)


def desk_id(config: Config) -> str:
    """Return the id by which this desk knows its own messages again; it tells nothing else."""
    return hmac.digest(secret_key(config), b"desk id", "sha256").hex()[:20]


def _make_private_folder(path: Path) -> None:
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"The folder {path} cannot be made: {error.strerror}.") from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise ConfigError(f"The folder {path} cannot be written to; the desk keeps its data there.")


def _write_once(path: Path, text: str) -> None:
    """Create the file with *text* unless another process just did."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
