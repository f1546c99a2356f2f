"""The last step: after the good was published, turn the run red for what was not, and tell somebody.

Dagster's way would be to stop everything behind the first failure; then one dead platform would keep
yesterday's customers on every screen. So steps yield failing checks, and only this step raises.
"""

from collections.abc import Iterable

import dagster as dg

from pipelines import alerts, extract, freshness, instance
from pipelines.alerts import Problem
from pipelines.company import Company
from pipelines.discretion import guarded
from pipelines.mirror import asset as mirror
from pipelines.sending import asset as sending

KEY = ["serving", "verdict"]
STEP = "__".join(KEY)
PUBLICATION_STEP = "serving__publication"
PROMISES = "promises"
CREDENTIAL_ERRORS = {"BrokenToken", "MissingCredential", "MissingPermission"}
LONGEST_TEXT = 600


def kind_of(check: dg.AssetCheckEvaluation) -> str:
    """Which sort of problem a failing check is, as alerts name them."""
    if check.check_name == freshness.CHECK:
        return "stale_source"
    if check.check_name == PROMISES:
        return "refused_batch"
    if check.check_name == extract.CHECK:
        kinds = check.metadata.get("kinds")
        names = set(str(kinds.value).split(",")) if kinds else set()
        return "expired_token" if names & CREDENTIAL_ERRORS else "failed_source"
    return "failed_run"


def subject_of(check: dg.AssetCheckEvaluation) -> str:
    """`meta/leads` for a stream's asset; the asset's own path for others."""
    path = [part.removeprefix("raw_") for part in check.asset_key.path]
    return "/".join(path[1:] if path[0] == "landing" else path)


def problems_of(checks: Iterable[dg.AssetCheckEvaluation]) -> tuple[list[Problem], bool]:
    """What a person must hear of, and whether the run has failed by it."""
    problems, is_red = [], False
    for check in checks:
        if check.passed:
            continue
        is_error = check.severity == dg.AssetCheckSeverity.ERROR
        is_red = is_red or is_error
        # A warning is for the pages, unless a source went silent: nobody looks at pages for that.
        if is_error or check.check_name == freshness.CHECK:
            text = (check.description or check.check_name)[:LONGEST_TEXT]
            problems.append(Problem(kind_of(check), subject_of(check), text))
    return problems, is_red


def evaluated(instance_: dg.DagsterInstance, run_id: str) -> list[dg.AssetCheckEvaluation]:
    """Every check this run evaluated, its last word each."""
    events = instance_.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    found = [e.dagster_event.event_specific_data for e in events if e.dagster_event]
    return list({(e.asset_key, e.check_name): e for e in found}.values())


def judge(company: Company, instance_: dg.DagsterInstance, run_id: str) -> tuple[list[Problem], list[str]]:
    """Tell what is to be told; the run's failures, and what went wrong with telling."""
    checks = evaluated(instance_, run_id)
    problems, is_red = problems_of(checks)
    examined = {subject_of(check) for check in checks}
    wrong = alerts.report(company, problems, examined | {"run"})
    return (problems if is_red else []), wrong


def said_by_us(failure: dg.DagsterEvent) -> str | None:
    """The words of a step that gave up knowingly; other errors may quote a record."""
    data = failure.step_failure_data.user_failure_data
    return data.description if data else None


def report_broken_run(
    company: Company, instance_: dg.DagsterInstance, run_id: str, failures: Iterable[dg.DagsterEvent]
) -> list[str]:
    """For a run that never reached its verdict, because a step itself broke."""
    failures = list(failures)
    steps = {failure.step_key for failure in failures if failure.step_key}
    kind = "refused_publication" if PUBLICATION_STEP in steps else "failed_run"
    text = f"It stopped in: {', '.join(sorted(steps)) or 'its first step'}. "
    text += " ".join(said for failure in failures if (said := said_by_us(failure)))
    text += f"\nDetails: run {run_id[:8]} in `firsthand dev`, or `firsthand run` again."
    problems, _ = problems_of(evaluated(instance_, run_id))
    # What the audit refused shows as a check too: told once is enough.
    problems = [p for p in problems if p.subject != "serving/publication"]
    return alerts.report(company, [Problem(kind, "run", text[:LONGEST_TEXT]), *problems], examined=[])


def asset(company: Company) -> dg.AssetsDefinition:
    @dg.asset(
        key=KEY,
        deps=[["serving", "publication"], *(one.key for one in mirror.assets(company)), sending.KEY],
        group_name="serving",
        description="Red where a stream of this run failed, though all that was good is published.",
    )
    @guarded(company)
    def verdict(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        instance.claim(company.home, context.run_id)
        failures, wrong = judge(company, context.instance, context.run_id)
        for text in wrong:
            context.log.error(text)
        if failures:
            lines = [f"{p.subject}: {p.text}" for p in failures]
            raise dg.Failure(
                description="Published, but not all is well:\n" + "\n".join(lines), allow_retries=False
            )
        return dg.MaterializeResult(metadata={"failures": 0})

    return verdict
