"""Superset's own configuration for the soak; docs/bi.md tells the part that matters to anybody."""

import os

SECRET_KEY = os.environ["SOAK_SECRET"]
SQLALCHEMY_DATABASE_URI = f"sqlite:///{os.environ['SOAK_FOLDER']}/superset.sqlite"
# Loopback only, and asked in a loop.
TALISMAN_ENABLED = False
RATELIMIT_ENABLED = False


def _resolved(uri, params, username, security_manager, source):
    """DuckDB keeps one instance per path in a process; up to 1.4 under the link's name, which is the old file
    for as long as anybody reads it. Each snapshot has a path of its own."""
    return uri.set(database=os.path.realpath(uri.database)), params


def FLASK_APP_MUTATOR(app):
    """SQL Lab runs as a task of Celery's, which is made ready at its first use and says so too early: of two
    threads that are first at once, one finds no stack to push to. So it is made ready before anybody asks."""
    from superset.sql_lab import get_sql_results

    assert get_sql_results.request_stack is not None


if os.environ.get("SOAK_RESOLVED") == "yes":
    DB_CONNECTION_MUTATOR = _resolved
