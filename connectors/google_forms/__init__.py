"""Google Forms: forms with their questions, responses (Forms API v1, CSV download; their list, Drive API v3).

A refresh token of somebody who may edit the forms, of an app with both APIs switched on. Lists of responses
may be asked for 180 times a minute and user (developers.google.com/workspace/forms/api/limits). Google counts
no responses, tells none that were deleted, and has no call that erases one. Its notices go to Pub/Sub and
hold no answers, so there is no webhook.
"""

from connectors.form_tools import responses_stream
from connectors.google_forms.api import SECRETS, client
from connectors.google_forms.fetch import forms, responses
from connectors.google_forms.read import RESPONSES_EXPORT
from connectors.stream import Promise, Stream

__all__ = ["EXPORTS", "NAME", "SECRETS", "STREAMS", "client"]

NAME = "google_forms"

STREAMS = (
    Stream(
        "forms",
        forms,
        key="formId",
        # When a form was last edited its own API does not tell: they are read whole, and are few.
        cursor=False,
        promises=(
            Promise("formId", type="text"),
            Promise("info.title", required=False, type="text"),
            # A form nobody has asked anything on yet has none.
            Promise("items", required=False, type="list"),
        ),
    ),
    responses_stream(
        responses,
        key="responseId",
        counted=None,
        form="formId",
        at="createTime",
        changed_at="lastSubmittedTime",
        promises=(
            Promise("responseId", type="text"),
            Promise("formId", type="text"),
            Promise("createTime", type="time"),
            Promise("lastSubmittedTime", type="time"),
            # By API the one, by file the other; who answered nothing has none.
            Promise("answers", required=False, type="object"),
            Promise("columns", required=False, type="list"),
        ),
    ),
)
EXPORTS = (RESPONSES_EXPORT,)
