"""What a run says while it works: the lines steps wrote for people, not Dagster's events."""

import logging
import sys
from pathlib import Path

import dagster as dg

from pipelines.places import ROOT


class ForPeople(logging.Filter):
    """Drops Dagster's own events and libraries' remarks: the pages show them, hundreds per run."""

    def filter(self, record: logging.LogRecord) -> bool:
        is_event = (getattr(record, "dagster_meta", None) or {}).get("dagster_event")
        is_ours = Path(record.pathname).is_relative_to(ROOT / "pipelines")
        return not is_event and (is_ours or record.levelno >= logging.WARNING)


class Short(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        text = (getattr(record, "dagster_meta", None) or {}).get("orig_message") or record.getMessage()
        mark = "" if record.levelno < logging.WARNING else f"{record.levelname.lower()}: "
        return f"{self.formatTime(record, '%H:%M:%S')} {mark}{text}"


@dg.logger(description="Short lines on stderr.")
def console(context: dg.InitLoggerContext) -> logging.Logger:
    logger = logging.Logger("firsthand.console", logging.INFO)
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(ForPeople())
    handler.setFormatter(Short())
    logger.addHandler(handler)
    return logger
