"""The HTML of own forms. Everything works without a script; the script puts the same form into another page.

No style beyond what hides the trap: the form takes the look of the page it stands in.
"""

import json
from collections.abc import Iterator, Mapping
from html import escape

from connectors.own_form.definition import Definition, Form
from receiver.form_reading import CARRIED, LANGUAGE, ONCE, PAGE, TEST, TICKED, TRAP

TYPES = {"email": "email", "phone_number": "tel"}
FILLED_BY = {
    "email": "email", "phone_number": "tel", "first_name": "given-name", "last_name": "family-name",
    "company": "organization", "street": "street-address", "city": "address-level2",
    "postcode": "postal-code", "country": "country-name",
}  # fmt: skip
SAID = {
    "fr": {
        "wrong": "Merci de corriger : ",
        "stale": "Le texte a changé depuis que la page a été ouverte : relisez-le, puis envoyez de nouveau.",
        "often": "Trop d'envois en peu de temps. Réessayez dans une minute.",
        "later": "L'envoi n'a pas pu être enregistré. Réessayez dans un instant.",
        "confirm": "Confirmer",
        "confirm_title": "Confirmer l'inscription",
        "confirmed": "C'est confirmé, merci.",
        "over": "Ce lien n'est plus valable. Remplissez de nouveau le formulaire.",
        "mailed": "Un message vient de partir : ouvrez-le pour confirmer.",
        "unknown": "Cette page n'existe pas.",
        "trap": "Laissez ce champ vide",
    },
    "en": {
        "wrong": "Please correct: ",
        "stale": "The text has changed since you opened the page: please read it again, then send.",
        "often": "Sent too often. Please try again in a minute.",
        "later": "It could not be saved. Please try again in a moment.",
        "confirm": "Confirm",
        "confirm_title": "Confirm your subscription",
        "confirmed": "Confirmed, thank you.",
        "over": "This link is no longer valid. Please fill in the form again.",
        "mailed": "A message is on its way: open it to confirm.",
        "unknown": "There is no such page.",
        "trap": "Leave this field empty",
    },
}


def form_html(
    about: Definition, name: str, language: str, values: Mapping[str, str], once: str = "", page: str = ""
) -> str:
    """The form itself, to stand in any page. `values` fill it in again; boxes are never ticked by us."""
    form = about.forms[name]
    hidden = {LANGUAGE: language, ONCE: once, PAGE: page, TEST: values.get(TEST, "")}
    hidden |= {one: values.get(one, "") for one in CARRIED}
    lines = [
        f'<form method="post" action="{about.address}/forms/{name}" accept-charset="utf-8" class="firsthand">'
    ]
    lines += _fields(form, name, language, values)
    lines += _boxes(form, language)
    lines += [f'<p class="firsthand-notice">{escape(form.notice[language])}</p>'] if form.notice else []  # type: ignore[index]
    lines += [
        '<p aria-hidden="true" style="position:absolute;left:-9999px">'
        f'<label>{SAID[language]["trap"]} <input name="{TRAP}" tabindex="-1" autocomplete="off"></label></p>'
    ]
    lines += [f'<input type="hidden" name="{one}" value="{escape(value)}">' for one, value in hidden.items()]
    lines += [f'<p><button type="submit">{escape(form.button[language])}</button></p>', "</form>"]  # type: ignore[index]
    return "\n".join(lines)


def _fields(form: Form, name: str, language: str, values: Mapping[str, str]) -> Iterator[str]:
    for one in form.fields:
        place, value = f"firsthand-{name}-{one.name}", values.get(one.name, "")
        demanded = " required" if one.required else ""
        given = f'id="{place}" name="{one.name}"{demanded}'
        label = f'<label for="{place}">{escape(one.label[language])}</label>'  # type: ignore[index]
        if one.kind == "long_text":
            told = f'<textarea {given} maxlength="5000">{escape(value)}</textarea>'
        elif one.kind == "choice":
            words = ["", *(each[language] for each in one.options)]  # type: ignore[index]
            told = "".join(
                f"<option{' selected' if word == value else ''}>{escape(word)}</option>" for word in words
            )
            told = f"<select {given}>{told}</select>"
        else:
            kind, known = TYPES.get(one.kind, "text"), FILLED_BY.get(one.kind)
            known = f' autocomplete="{known}"' if known else ""
            told = f'<input {given} type="{kind}" maxlength="400" value="{escape(value)}"{known}>'
        yield f"<p>{label} {told}</p>"


def _boxes(form: Form, language: str) -> Iterator[str]:
    """Each value names the very words beside it: what comes back says what was read."""
    for box in form.boxes:
        ticked = f'<input type="checkbox" name="{TICKED}{box.name}" value="{box.shown(language)}">'
        yield f"<p><label>{ticked} {escape(box.text[language])}</label></p>"  # type: ignore[index]


def page_html(title: str, language: str, body: str) -> str:
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="robots" content="noindex"><title>{escape(title)}</title></head>\n'
        f"<body><main>\n<h1>{escape(title)}</h1>\n{body}\n</main></body></html>\n"
    )


def said(text: str) -> str:
    return f'<p role="status">{escape(text)}</p>'


def confirm_html(language: str) -> str:
    """A button and not the link itself: mail filters open links, and nobody confirmed by that."""
    return f'<form method="post"><button type="submit">{SAID[language]["confirm"]}</button></form>'


SCRIPT = """(function () {
  "use strict";
  var told = %s, script = document.currentScript;
  var asked = (script.getAttribute("data-lang") || document.documentElement.lang || "").slice(0, 2);
  var lang = told.forms[asked] ? asked : told.first;
  var place = document.createElement("div");
  place.innerHTML = told.forms[lang];
  script.parentNode.insertBefore(place, script);
  var form = place.querySelector("form"), query = new URLSearchParams(location.search);
  told.carried.forEach(function (name) {
    if (query.get(name)) { form.elements[name].value = query.get(name).slice(0, 400); }
  });
  if (query.get("firsthand_test") === "1") { form.elements._test.value = "1"; }
  form.elements._page.value = location.origin + location.pathname;
  var bytes = crypto.getRandomValues(new Uint8Array(16));
  form.elements._once.value = Array.from(bytes, function (one) {
    return one.toString(16).padStart(2, "0");
  }).join("");
  function say(text) {
    var line = place.querySelector("[role=status]") || document.createElement("p");
    line.setAttribute("role", "status");
    line.textContent = text;
    place.appendChild(line);
  }
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var button = form.querySelector("button");
    button.disabled = true;
    fetch(form.action, {
      method: "POST",
      headers: {Accept: "application/json"},
      credentials: "omit",
      body: new URLSearchParams(new FormData(form))
    }).then(function (answer) {
      return answer.json().then(function (body) {
        say(body.said);
        // Words that changed meanwhile are shown by the receiver, which has them.
        if (body.is_stale) { location.assign(form.action + location.search); }
        if (answer.ok) { form.hidden = true; } else { button.disabled = false; }
      });
    }).catch(function () { form.submit(); });
  });
})();
"""


def script(about: Definition, name: str) -> str:
    """The form in each of its languages, and the few lines that put it where the script stands."""
    form = about.forms[name]
    forms = {language: form_html(about, name, language, {}) for language in form.languages}
    told = {"forms": forms, "first": form.languages[0], "carried": CARRIED}
    return SCRIPT % json.dumps(told)
