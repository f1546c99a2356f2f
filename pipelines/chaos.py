"""Named places where a test may kill the process, to prove that any moment is safe to die at.

`FIRSTHAND_DIE_AT=inside_commit` makes `point("inside_commit")` end the process as a power cut would:
no cleanup, no flush. Without the variable a point costs one look into the environment.

    middle_of_page                   pipelines/extract.py, rows were taken, their file has no end yet
    after_landing_file               pipelines/extract.py, rows and manifest are on disk, nothing landed
    inside_commit                    the door, rows inserted, transaction open
    after_erasing_tables             pipelines/erasure, the tables are clean, nothing else is
    after_erasing_files              pipelines/erasure, only the warehouse's old file still holds them
    before_rewritten_swap            pipelines/erasure, the new file is complete, the old one in its place
    between_dbt_models               pipelines/warehouse.py, some models built, others not
    between_publication_and_swap     pipelines/publish.py, the new folder is complete, the link is old
    before_adding_to_a_list, after_…, before_taking_off_a_list, after_…     pipelines/sending/step.py
"""

import os
import signal

POINTS = (
    "middle_of_page",
    "after_landing_file",
    "inside_commit",
    "between_dbt_models",
    "between_publication_and_swap",
)
# Only a run that erases somebody comes by here.
ERASING_POINTS = ("after_erasing_tables", "after_erasing_files", "before_rewritten_swap")


def point(name: str) -> None:
    """Die here if the environment says so."""
    if os.environ.get("FIRSTHAND_DIE_AT") == name:
        os.kill(os.getpid(), signal.SIGKILL)
