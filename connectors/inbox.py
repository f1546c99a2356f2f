"""From the inbox to landing files: webhook bodies and dropped files.

    inbox/webhooks/<platform>/<stamp>-<hex>.json      raw bodies, as the receiver put them
    inbox/files/<platform>/[<account>/]<name>         exports and lists; platform `files` for generic ones

Nothing is deleted here: what was read is named in the manifest and goes after its commit. What nobody can
read is named in `Taken.refused`, what must wait (a platform is down, a file still grows) in `Taken.left`.
"""

import importlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connectors import PLATFORMS
from connectors.dropped import Mapped, Unrecognised, take_file
from connectors.landing import LandingWriter, state_of
from connectors.stream import (
    BadAnswer,
    ConnectorError,
    Hook,
    MissingCredential,
    MissingPermission,
    NotThere,
    Stream,
    Webhook,
)

# A body or file whose platform answers "not there" or "not allowed" for this long will not get better.
PATIENCE = timedelta(days=3)
# A young file may still be written: it is looked at twice, this far apart.
YOUNG_SECONDS, SETTLE_SECONDS = 60, 2
UNFINISHED = (".part", ".tmp", ".crdownload", ".download", ".filepart", ".swp")

Clients = Callable[[str], Any]


@dataclass
class Taken:
    """What became of the inbox: batches to land, and the paths that are not in them, with reasons."""

    batches: list[str] = field(default_factory=list)
    refused: list[tuple[Path, str]] = field(default_factory=list)
    left: list[tuple[Path, str]] = field(default_factory=list)
    assumed: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Inbox:
    """The inbox of one home, and what is needed to read it.

    `client(platform)` may raise ConnectorError; it is asked only where a body or file needs it.
    `declared` are webhooks of tools without a connector, by name; they land as files do.
    `settings(platform)` is that platform's block of firsthand.yaml. `now` is the run's ingest time.
    """

    folder: Path
    landing: Path
    client: Clients
    settings: Callable[[str], Mapping[str, Any]]
    now: datetime
    zone: tzinfo = UTC
    mappings: tuple[Mapped, ...] = ()
    declared: Mapping[str, Webhook] = field(default_factory=dict)
    sleep: Callable[[float], None] = time.sleep

    def take(self) -> Taken:
        """Everything that waits, webhooks first."""
        taken = Taken()
        for platform in PLATFORMS:
            module = connector(platform)
            with suppress(FileNotFoundError):
                self._take_webhooks(platform, module, getattr(module, "WEBHOOK", None), taken)
        for name, webhook in self.declared.items():
            with suppress(FileNotFoundError):
                self._take_webhooks(name, connector("files"), webhook, taken)
        self._take_files(taken)
        return taken

    # -- webhooks ---------------------------------------------------------------------------------

    def _take_webhooks(self, name: str, module: ModuleType, webhook: Webhook | None, taken: Taken) -> None:
        paths = sorted(p for p in (self.folder / "webhooks" / name).iterdir() if _is_ready(p))
        if not paths or webhook is None:
            taken.refused += [(path, f"{name} has no webhook") for path in paths]
            return
        try:
            client = self.client(module.NAME)
        except ConnectorError as error:
            taken.left += [(path, str(error)) for path in paths]
            return
        read: dict[str, list[tuple[Hook, datetime]]] = {}
        done: list[Path] = []
        for path in paths:
            arrived = min(_arrival(path), self.now)
            try:
                # All of a body or nothing: half of one would be lost with the file.
                hooks = list(webhook.receive(path.read_bytes(), client))
            except BadAnswer as error:
                taken.refused.append((path, str(error)))
            except ConnectorError as error:
                self._postpone(path, error, taken)
            else:
                done.append(path)
                for hook in hooks:
                    read.setdefault(hook.stream, []).append((hook, arrived))
        self._land_hooks(module, read, done, taken)

    def _land_hooks(
        self,
        module: ModuleType,
        read: Mapping[str, list[tuple[Hook, datetime]]],
        done: list[Path],
        taken: Taken,
    ) -> None:
        """One batch per stream. The last names the bodies: none may go before all batches are on disk."""
        if not done:
            return
        streams = {stream.name: stream for stream in module.STREAMS}
        names = list(read) or [module.STREAMS[0].name]
        for name in names:
            writer = self._writer(module.NAME, streams[name], "webhook")
            for hook, arrived in read.get(name, ()):
                writer.write(hook.account, hook.rows, hook.op, arrived, arrived)
            batch = writer.commit([self._named(path) for path in done] if name == names[-1] else ())
            taken.batches += [batch] if batch else []

    def _postpone(self, path: Path, error: ConnectorError, taken: Taken) -> None:
        is_old = self.now - _arrival(path) > PATIENCE
        if is_old and isinstance(error, NotThere | MissingPermission):
            taken.refused.append((path, f"could not be read for {PATIENCE.days} days: {error}"))
        else:
            taken.left.append((path, str(error)))

    # -- files ------------------------------------------------------------------------------------

    def _take_files(self, taken: Taken) -> None:
        found = list(self._dropped())
        growing = self._growing([path for _, _, path in found])
        for platform, account, path in found:
            if path in growing:
                taken.left.append((path, "it is still being written"))
                continue
            try:
                self._take_file(platform, account, path, taken)
            except Unrecognised as error:
                taken.refused.append((path, str(error)))
            except ConnectorError as error:
                taken.left.append((path, str(error)))

    def _dropped(self) -> Iterator[tuple[str | None, str | None, Path]]:
        """Platform, account and path of each file; a file right below inbox/files names no platform."""
        root = self.folder / "files"
        for path in sorted(root.rglob("*")) if root.exists() else ():
            parts = path.relative_to(root).parts
            if not _is_ready(path) or len(parts) > 3:
                continue
            platform = parts[0] if len(parts) > 1 else None
            yield platform, parts[1] if len(parts) > 2 else None, path

    def _growing(self, paths: Iterable[Path]) -> set[Path]:
        young = {path: state_of(path) for path in paths if time.time() - path.stat().st_mtime < YOUNG_SECONDS}
        if young:
            self.sleep(SETTLE_SECONDS)
        return {path for path, state in young.items() if not path.exists() or state_of(path) != state}

    def _take_file(self, platform: str | None, account: str | None, path: Path, taken: Taken) -> None:
        if platform is not None and platform not in PLATFORMS:
            known = ", ".join(PLATFORMS)
            raise Unrecognised(f"no platform is called {platform}; put the file below one of: {known}")
        written = min(datetime.fromtimestamp(path.stat().st_mtime, UTC), self.now)
        arrived = min(datetime.fromtimestamp(path.stat().st_ctime, UTC), self.now)
        batch, assumed = take_file(
            path,
            modules=[connector(name) for name in ([platform] if platform else PLATFORMS)],
            open_writer=lambda name, stream: self._writer(name, stream, "file"),
            account=lambda name: account or own_account(name, self.settings(name)),
            client=self.client,
            mappings=self.mappings,
            zone=self._zone,
            written_at=written,
            arrived_at=arrived,
            # Taken before the first line is read: what is put in its place meanwhile is another file.
            inbox={self._named(path): state_of(path)},
        )
        taken.batches += [batch] if batch else []
        if assumed:
            taken.assumed[self._named(path)] = assumed

    def _zone(self, platform: str) -> tuple[tzinfo, bool]:
        """Where the times of a platform's files are told, and whether its block says so."""
        told = self.settings(platform).get("time_zone")
        if not told:
            return self.zone, False
        try:
            return ZoneInfo(str(told)), True
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise MissingCredential(f"platforms.{platform}.time_zone: no zone is called {told}") from None

    def _writer(self, platform: str, stream: Stream, via: str) -> LandingWriter:
        return LandingWriter(self.landing, platform, stream, via, self.now)

    def _named(self, path: Path) -> str:
        """As the manifest says it: below the home folder."""
        return str(path.relative_to(self.folder.parent))


def connector(platform: str) -> ModuleType:
    return importlib.import_module(f"connectors.{platform}")


def own_account(platform: str, settings: Mapping[str, Any]) -> str | None:
    """The account of a platform that has one, as its client would call it; None where a file may be any's."""
    several = getattr(connector(platform), "SEVERAL", {})
    listed = [f"{begin}{one}" for name, begin in several.items() for one in settings.get(name) or ()]
    named = settings.get("account") or settings.get("shop") or (listed[0] if len(listed) == 1 else None)
    if named or several:
        return str(named) if named else None
    return platform


def _is_ready(path: Path) -> bool:
    is_hidden = path.name.startswith((".", "~$")) or path.name.endswith(UNFINISHED)
    return path.is_file() and not path.is_symlink() and not is_hidden


def _arrival(path: Path) -> datetime:
    """From the name the receiver gave; a body put there by hand counts from its file time."""
    stamp = path.name.partition("-")[0]
    try:
        return datetime.strptime(stamp, "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
    except ValueError:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
