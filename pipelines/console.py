"""What a run says while it works: the lines steps wrote for people, not Dagster's events."""

import logging
import sys

import dagster as dg


class ForPeople(logging.Filter):
    """Drops Dagster's own events: the pages show them, hundreds per run."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not (getattr(record, "dagster_meta", None) or {}).get("dagster_event")


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
