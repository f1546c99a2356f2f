"""One folder is one company: where everything of it lies.

    firsthand.yaml  .env
    inbox/    webhooks/<platform>/  files/<platform>/  commands/
    data/     warehouse.duckdb  landing/  refused/  state/  dagster/  logs/
    serving/  current -> <snapshot>/
    outbox/   mails to be sent, by a mail tool of yours
    exports/  what was handed out
    audiences/  whom conditions mean, one file each, with every saved version

Folders are made 0700 and files with personal data 0600 (serving: 0750 and 0640, for BI tools of the
same group).
"""

import os
from dataclasses import dataclass
from pathlib import Path

PRIVATE, SHARED = 0o700, 0o750


@dataclass(frozen=True)
class Home:
    root: Path

    @classmethod
    def at(cls, root: str | Path | None = None) -> "Home":
        """The folder given, else FIRSTHAND_HOME, else the current one; absolute."""
        return cls(Path(root or os.environ.get("FIRSTHAND_HOME") or ".").resolve())

    @property
    def config(self) -> Path:
        return self.root / "firsthand.yaml"

    @property
    def env_file(self) -> Path:
        return self.root / ".env"

    @property
    def warehouse(self) -> Path:
        return self.root / "data" / "warehouse.duckdb"

    @property
    def landing(self) -> Path:
        return self._folder("data", "landing")

    @property
    def refused(self) -> Path:
        """Files and bodies nobody could read, each beside a .reason.txt."""
        return self._folder("data", "refused")

    @property
    def state(self) -> Path:
        """Rotating tokens (0600) and the last run's fingerprint."""
        return self._folder("data", "state")

    @property
    def dagster(self) -> Path:
        return self._folder("data", "dagster")

    @property
    def logs(self) -> Path:
        return self._folder("data", "logs")

    @property
    def exports(self) -> Path:
        """What was handed out of here: answers to people, lists; each a file or folder of its own."""
        return self._folder("exports")

    @property
    def webhooks(self) -> Path:
        return self._folder("inbox", "webhooks")

    @property
    def files(self) -> Path:
        return self._folder("inbox", "files")

    @property
    def commands(self) -> Path:
        return self._folder("inbox", "commands")

    @property
    def outbox(self) -> Path:
        """Mails that somebody else's mail tool has to send, one a file."""
        return self._folder("outbox")

    @property
    def serving(self) -> Path:
        return self._folder("serving", mode=SHARED)

    def _folder(self, *parts: str, mode: int = PRIVATE) -> Path:
        folder = self.root
        folder.mkdir(parents=True, exist_ok=True)
        for part in parts:  # each with the mode: mkdir gives it to the last of a path only
            folder = folder / part
            folder.mkdir(mode=mode, exist_ok=True)
        return folder
