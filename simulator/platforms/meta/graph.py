"""The objects of the graph and their edges: pages, forms, leads, and an ad account's insights."""

from collections.abc import Callable
from datetime import date
from typing import Any

from simulator.ads import ads_of
from simulator.clock import Clock, Shown
from simulator.faults import Faults
from simulator.marketing import PAGES
from simulator.model import Campaign, Company, Form, Lead
from simulator.platforms.meta import ads, errors, insights
from simulator.platforms.meta.leads import LeadList, cursor, limit_of, next_link, page, read_cursor
from simulator.platforms.meta.nodes import (
    FORM_DEFAULT,
    LEAD_DEFAULT,
    form_fields,
    lead_fields,
    pick,
    stamp,
    wanted_fields,
)
from simulator.platforms.meta.posts import Wall
from simulator.platforms.meta.tokens import OLDEST, TOKEN, Tokens
from simulator.platforms.meta.view import LeadView, look
from simulator.posts import INSTAGRAM
from simulator.wire import Answer, Call

# What `missing_field` takes from a lead, chosen by its id.
PROMISED = ("created_time", "form_id", "field_data")
BEHIND = {PAGES[language]: account for language, account in INSTAGRAM.items()}  # page to Instagram account


class Meta:
    name = "meta"

    def __init__(self, company: Company, clock: Clock, faults: Faults) -> None:
        self.company, self.clock, self.faults = company, clock, faults
        self.forms = {form.form_id: form for form in company.forms if form.platform == "meta"}
        self.pages = sorted({form.account_id for form in self.forms.values()})
        self.campaigns: dict[str, Campaign] = {
            campaign.campaign_id: campaign for campaign in company.campaigns if campaign.platform == "meta"
        }
        self._ads = {ad.ad_id for campaign in self.campaigns.values() for ad in ads_of(campaign)}
        self.accounts = sorted({campaign.account_id for campaign in self.campaigns.values()})
        self.wall = Wall(company.posts)
        self.hidden_forms: set[str] = set()
        self._leads = [lead for lead in company.leads if lead.platform == "meta"]
        self.tokens = Tokens(self.pages)
        self._runs: dict[str, tuple[Call, str, int]] = {}
        self._unready: set[str] = set()
        self._turn = 0
        self._view: Shown[LeadView] = Shown(
            lambda: (clock.now, faults.epoch),
            lambda: look(self._leads, self.campaigns, faults, clock.now),
        )

    # -- what the server asks ---------------------------------------------------------------------

    def answer(self, call: Call) -> Answer:
        headers = errors.usage_headers(call.path, self._owner(call))
        if call.parts[:1] == (f"v{OLDEST}.0",):
            headers["x-ad-api-version-warning"] = f"v{OLDEST}.0 will be retired with the next release"
        try:
            token = self.tokens.check(call)
            return Answer(self._dispatch(call, token), headers=headers)
        except errors.GraphError as error:
            return error.answer(headers)

    def refuse(self, call: Call, fault: str) -> Answer:
        self._turn += 1
        if fault == "server_error":
            return errors.trouble(self._turn).answer(errors.usage_headers(call.path, self._owner(call)))
        wait = self.faults.wait_seconds
        headers = errors.usage_headers(call.path, self._owner(call), wait, is_full=True)
        return errors.throttled(call.path, self._turn).answer(headers)

    def expire(self, call: Call) -> None:
        self.tokens.expire(call)

    def is_spared(self, call: Call) -> bool:
        return False

    def change(self, wish: dict[str, Any]) -> None:
        """`hidden_forms`, `dead_metrics`, `without_figures`: lists of ids or names, whole each time."""
        places = {"hidden_forms": self, "dead_metrics": self.wall, "without_figures": self.wall}
        if unknown := sorted(wish.keys() - places.keys()):
            raise ValueError(f"nothing like that to set here: {', '.join(unknown)}")
        for name, names in wish.items():
            setattr(places[name], name, set(names))

    def missing(self) -> dict[str, dict[str, str]]:
        chosen = {key: self._lacks(key) for key in self._view().by_id}
        return {"leads": {key: lacks for key, lacks in chosen.items() if lacks}}

    def _owner(self, call: Call) -> str:
        return next((part for part in call.parts[1:] if part.strip("act_").isdigit()), "100000")

    # -- objects and edges ------------------------------------------------------------------------

    def _dispatch(self, call: Call, token: str) -> dict[str, Any]:
        match call.parts[1:]:
            case ("me",):
                return {"id": "900001", "name": "Firsthand system user"}
            case ("me", "accounts"):
                return self._accounts(call, token)
            case (account, *rest) if account in self.accounts:
                return self._account(call, account, rest, token)
            case (run,) if run in self._runs:
                return self._run(run)
            case (run, "insights") if run in self._runs:
                asked, account, _ = self._runs[run]
                return self._offset_page(
                    call, insights.rows(self.company, account, asked, self._today()), token
                )
            case (page_id, *rest) if page_id in self.pages:
                return self._page(call, page_id, rest, token)
            case (account, "media") if account in BEHIND.values():
                return self._published(call, account, "ig", token)
            case (post_id, "insights") if post_id in self.wall.by_id:
                self.tokens.need_any_page(token)
                return self.wall.insights(self.wall.by_id[post_id], call, self.clock.now)
            case (form_id, *rest) if form_id in self.forms and form_id not in self.hidden_forms:
                return self._form(call, self.forms[form_id], rest, token)
            case (ad_id, "leads") if ad_id in self._ads:
                return self._list(call, self._view().by_ad.get(ad_id, LeadList([])), token)
            case (lead_id,):
                return self._lead(call, lead_id, token)
            case (object_id, *_):
                raise errors.unknown_object(object_id)
        raise errors.unknown_object("")

    def _accounts(self, call: Call, token: str) -> dict[str, Any]:
        if token != TOKEN:
            raise errors.unknown_field("accounts", "Page")
        wanted = wanted_fields(call.params.get("fields"), ("access_token", "category", "name", "id", "tasks"))
        data = [pick("Page", self._page_fields(page_id), wanted) for page_id in self.pages]
        return self._offset_page(call, data, token)

    def _page_fields(self, page_id: str) -> dict[str, Callable[[], Any]]:
        locales = {form.locale[:2] for form in self.forms.values() if form.account_id == page_id}
        return {
            "id": lambda: page_id,
            "name": lambda: f"{self.company.name} ({', '.join(sorted(locales)).upper()})",
            "access_token": lambda: self.tokens.of_page(page_id),
            "category": lambda: "Retail company",
            "tasks": lambda: ["ADVERTISE", "ANALYZE", "MANAGE"],
            "instagram_business_account": lambda: {"id": BEHIND[page_id]} if page_id in BEHIND else None,
        }

    def _page(self, call: Call, page_id: str, rest: list[str], token: str) -> dict[str, Any]:
        self.tokens.need_page(page_id, token)
        if not rest:
            return pick(
                "Page",
                self._page_fields(page_id),
                wanted_fields(call.params.get("fields"), ("name", "id")),
            )
        if rest == ["subscribed_apps"]:
            return {"success": True} if call.method == "POST" else {"data": []}
        if rest == ["published_posts"]:
            return self._published(call, page_id, "fb", token)
        if rest != ["leadgen_forms"]:
            raise errors.unknown_field(rest[0], "Page")
        wanted = wanted_fields(call.params.get("fields"), FORM_DEFAULT)
        forms = [form for form in self.forms.values() if form.account_id == page_id]
        shown = [form for form in forms if form.created_at <= self.clock.now]
        return self._offset_page(call, [self._render_form(form, wanted) for form in shown], token)

    def _form(self, call: Call, form: Form, rest: list[str], token: str) -> dict[str, Any]:
        self.tokens.need_page(form.account_id, token)
        view = self._view()
        match rest:
            case []:
                return self._render_form(form, wanted_fields(call.params.get("fields"), FORM_DEFAULT))
            case ["leads"]:
                return self._list(call, view.lists.get(form.form_id, LeadList([])), token, form.form_id)
            case ["test_leads"]:
                return self._list(call, view.tests.get(form.form_id, LeadList([])), token)
        raise errors.unknown_field(rest[0], "LeadgenForm")

    def _list(self, call: Call, leads: LeadList, token: str, listed: str | None = None) -> dict[str, Any]:
        self.tokens.need_any_page(token)
        wanted = wanted_fields(call.params.get("fields"), LEAD_DEFAULT)
        body, is_last = page(leads, call, token, lambda lead: self._render(lead, wanted), self.faults)
        if is_last and listed is not None:
            self.faults.release(self.name, listed, self.clock.now)
        return body

    def _lead(self, call: Call, lead_id: str, token: str) -> dict[str, Any]:
        lead = self._view().by_id.get(lead_id)
        if lead is None:
            raise errors.unknown_object(lead_id)
        self.tokens.need_page(self.forms[lead.form_id].account_id, token)
        # A lead may not be readable for seconds after its webhook.
        if self.faults.chooses("late", self.name, lead_id) and lead_id not in self._unready:
            self._unready.add(lead_id)
            raise errors.unknown_object(lead_id)
        return self._render(lead, wanted_fields(call.params.get("fields"), LEAD_DEFAULT))

    def _render(self, lead: Lead, wanted: list[str]) -> dict[str, Any]:
        campaign = self.campaigns.get(lead.campaign_id or "")
        row = pick("Lead", lead_fields(lead, self.forms[lead.form_id], campaign), wanted)
        if self.faults.chooses("unknown_field", self.name, lead.lead_id):
            row["sim_lead_score"] = {"grade": "B", "seen_at": stamp(lead.created_at)}
        row.pop(self._lacks(lead.lead_id) or "", None)
        return row

    def _lacks(self, lead_id: str) -> str | None:
        if not self.faults.chooses("missing_field", self.name, lead_id):
            return None
        return PROMISED[sum(map(ord, lead_id)) % len(PROMISED)]

    def _render_form(self, form: Form, wanted: list[str]) -> dict[str, Any]:
        # Forms cannot be deleted: an edited one is archived beside its copy, and keeps its leads.
        copy = f"{form.name.split()[0]} (copie)"
        copies = [one for one in self.forms.values() if one.name == copy and one.created_at <= self.clock.now]
        status = "ARCHIVED" if copies and form.name != copy else "ACTIVE"
        counts = self._view().counts.get(form.form_id, (0, 0))
        return pick("LeadgenForm", form_fields(form, status, *counts), wanted)

    def _published(self, call: Call, account: str, surface: str, token: str) -> dict[str, Any]:
        owner = next((page for page, behind in BEHIND.items() if behind == account), account)
        self.tokens.need_page(owner, token)
        return self._offset_page(call, self.wall.listed(account, surface, call, self.clock.now), token)

    # -- ads --------------------------------------------------------------------------------------

    def _today(self) -> date:
        return self.clock.now.astimezone(ads.ACCOUNT_ZONE).date()

    def _account(self, call: Call, account: str, rest: list[str], token: str) -> dict[str, Any]:
        if token != TOKEN:
            raise errors.no_permission("Ad account owner has NOT grant ads_management or ads_read permission")
        match rest:
            case []:
                wanted = wanted_fields(call.params.get("fields"), ("account_id", "id"))
                return pick("AdAccount", ads.account_fields(self.company, account), wanted)
            case ["insights"]:
                return self._insights(call, account, token)
            case [edge] if edge in ads.NODES:
                found = ads.objects(self.company, account, edge, call, self.clock.now)
                return self._offset_page(call, found, token)
        raise errors.unknown_field(rest[0], "AdAccount")

    def _insights(self, call: Call, account: str, token: str) -> dict[str, Any]:
        rows = insights.rows(self.company, account, call, self._today())
        if call.method == "POST":
            run = f"7{len(self._runs):014}"
            self._runs[run] = (call, account, 0)
            return {"report_run_id": run}
        return self._offset_page(call, rows, token)

    def _run(self, run: str) -> dict[str, Any]:
        """Not started, then running, then done or, with server errors about, failed: one step per look."""
        asked, account, looks = self._runs[run]
        self._runs[run] = (asked, account, looks + 1)
        told: dict[str, Any] = {"id": run, "account_id": account.removeprefix("act_")}
        if looks < 2:
            status, percent = (("Job Not Started", 0), ("Job Running", 60))[looks]
            return told | {"async_status": status, "async_percent_completion": percent}
        if self.faults.chooses("server_error", self.name, run):
            why = {"error_code": 2, "error_message": "Service temporarily unavailable"}
            return told | {"async_status": "Job Failed", "async_percent_completion": 60} | why
        return told | {"async_status": "Job Completed", "async_percent_completion": 100}

    def _offset_page(self, call: Call, data: list[dict[str, Any]], token: str) -> dict[str, Any]:
        start = int(read_cursor(call.params["after"]) or 0) if "after" in call.params else 0
        stop = start + limit_of(call)
        if start >= len(data):
            return {"data": []}
        is_long = call.path.endswith(("/insights", "/published_posts", "/media", "/ads"))
        if is_long and self.faults.strikes("empty_page", self.name, call.signature):
            data, stop = data[:start] + [{}] * (len(data) - start), start
        paging: dict[str, Any] = {"cursors": {"before": cursor(start), "after": cursor(stop)}}
        if stop < len(data):
            paging["next"] = next_link(call, cursor(stop), token)
        return {"data": data[start:stop], "paging": paging}
