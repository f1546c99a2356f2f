"""What a run says while it works: the lines steps wrote for people, not Dagster's events."""

import logging
import sys

import dagster as dg

# How remarks of dagster-dbt and Dagster begin that only a developer reads.
REMARKS = (
    "A dbt subsetted",
    "Running dbt command",
    "Finished dbt command",
    "Copying `",
    "op '",
    "Dependencies for step",
    "Data version mismatch",
)


class ForPeople(logging.Filter):
    """Drops Dagster's own events and libraries' remarks: the pages show them, hundreds per run."""

    def filter(self, record: logging.LogRecord) -> bool:
        is_event = (getattr(record, "dagster_meta", None) or {}).get("dagster_event")
        return not is_event and not _said(record).startswith(REMARKS)


class Short(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        text = _said(record)
        mark = "" if record.levelno < logging.WARNING else f"{record.levelname.lower()}: "
        return f"{self.formatTime(record, '%H:%M:%S')} {mark}{text}"


def _said(record: logging.LogRecord) -> str:
    """What the step wrote, without the run's id and name before it."""
    return (getattr(record, "dagster_meta", None) or {}).get("orig_message") or record.getMessage()


@dg.logger(description="Short lines on stderr.")
def console(context: dg.InitLoggerContext) -> logging.Logger:
    logger = logging.Logger("firsthand.console", logging.INFO)
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(ForPeople())
    handler.setFormatter(Short())
    logger.addHandler(handler)
    return logger
