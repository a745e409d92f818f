"""The mailbox of a portal for e-mail: set up, tried, and how it fares."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from leadloop.capture.contracts import PortalKind, PortalRow
from leadloop.capture.mailbox import TLS, WAYS, MailboxIn, MailboxRow, Way, mailbox, save_mailbox, try_mailbox
from leadloop.front.access import needs, viewer_of
from leadloop.front.capture.portals_page import find
from leadloop.front.mistakes import blame
from leadloop.front.templatetags.ui import local, local_time
from leadloop.kernel import clock
from leadloop.kernel.errors import Invalid, NotFound
from leadloop.ledger.contracts import by_user
from leadloop.platform.roles import Capability as Can

IMAP_ONLY = ("host", "port", "tls", "login", "folder", "done_folder")


class MailboxForm(forms.Form):
    """How mail reaches the portal. The secret is only ever written, never shown."""

    way = forms.ChoiceField(label="How it comes", choices=[(str(way), words) for way, words in WAYS.items()])
    host = forms.CharField(label="Server", max_length=255, required=False, help_text="Such as imap.example.com")
    tls = forms.ChoiceField(label="TLS", choices=list(TLS.items()), required=False, initial="implicit")
    port = forms.IntegerField(
        label="Port", required=False, min_value=1, max_value=65535, help_text="Empty: the usual one"
    )
    login = forms.CharField(label="User", max_length=255, required=False)
    secret = forms.CharField(
        label="Password or signing key", max_length=500, required=False, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    folder = forms.CharField(label="Folder", max_length=255, required=False, initial="INBOX")
    done_folder = forms.CharField(
        label="Move what was taken to", max_length=255, required=False, help_text="Empty: it is marked as read"
    )

    use_required_attribute = False  # another way needs other fields

    def __init__(self, data: Any = None, *, known: MailboxRow | None = None) -> None:
        super().__init__(data)
        if data is None and (known is None or known.way is Way.IMAP):
            for name in ("host", "tls", "login", "folder"):
                self.fields[name].required = True  # shown so; what is really needed is asked by the service
        if known is not None:
            for name in (*IMAP_ONLY, "way"):
                self.fields[name].initial = getattr(known, name)
            self.fields["port"].initial = known.port or None
        kept = known is not None and known.has_secret
        self.fields["secret"].help_text = (
            "Kept encrypted; empty keeps the one there is"
            if kept
            else ("Kept encrypted. Of Mailgun the key for signing webhooks; the others need none")
        )

    def wanted(self, portal_id: int) -> MailboxIn:
        """The contract that capture takes."""
        given = dict(self.cleaned_data)
        return MailboxIn(
            portal_id=portal_id,
            way=Way(given["way"]),
            secret=given["secret"] or None,
            port=given["port"] or 0,
            tls=given["tls"] or "implicit",
            **{name: given[name] for name in ("host", "login", "folder", "done_folder")},
        )


@require_POST
@needs(Can.PORTALS, "edit")
def save(request: HttpRequest, portal_id: int) -> HttpResponse:
    """Keep how mail reaches the portal."""
    found, form = _asked(request, portal_id)
    if form.is_valid():
        try:
            save_mailbox(mailbox=form.wanted(portal_id), actor=by_user(viewer_of(request).user_id), now=clock.now())
        except Invalid as wrong:
            blame(form, wrong)
        else:
            messages.success(request, "Saved.")
            return redirect(f"/portals/{portal_id}")
    context = mail_context(found, viewer_of(request).zone, clock.now(), form=form)
    return render(request, "capture/mailbox.html", {**context, "portal": found, "page": "portals"}, status=422)


@require_POST
@needs(Can.PORTALS, "edit")
def attempt(request: HttpRequest, portal_id: int) -> HttpResponse:
    """Try the connection with what is typed; nothing is kept."""
    _, form = _asked(request, portal_id)
    if not form.is_valid():
        said, ok = next(iter(form.errors.values()))[0], False
    elif form.cleaned_data["way"] != Way.IMAP:
        said, ok = "There is nothing to try: the provider comes to us.", True
    else:
        trial = try_mailbox(form.wanted(portal_id))
        said, ok = trial.says, trial.ok
    return render(request, "capture/_trial.html", {"says": said, "ok": ok})


def mail_context(portal: PortalRow, zone: str, now: datetime, *, form: MailboxForm | None = None) -> dict[str, Any]:
    """What the page of a portal for e-mail shows of its mailbox; empty for other portals."""
    if portal.kind is not PortalKind.MAIL:
        return {}
    known = mailbox(portal.id)
    posts = known is not None and known.way is not Way.IMAP
    return {
        "mailbox": known,
        "mailbox_form": form or MailboxForm(known=known),
        "mailbox_health": _health(known, zone) if known else [],
        "mailbox_problem": _problem(known, zone, now) if known and known.error else "",
        "mail_url": _mail_url(portal) if posts else "",
    }


def _mail_url(portal: PortalRow) -> str:
    scheme, _, rest = settings.PUBLIC_URL.partition("://")
    return f"{scheme}://mail:<the secret>@{rest}/api/mail-in/{portal.slug}"


def _problem(known: MailboxRow, zone: str, now: datetime) -> str:
    """What goes wrong, since when, and when it is tried again."""
    stop = "" if known.error.endswith((".", "!", "?")) else "."
    often = f" {known.failures} times in a row." if known.failures > 1 else ""
    return f"{known.error}{stop}{often} It is tried again at {local_time(max(known.next_at or now, now), zone)}."


def _health(known: MailboxRow, zone: str) -> list[dict[str, str]]:
    """How it fares, in words."""
    if known.way is not Way.IMAP:
        return [{"term": "How it comes", "value": WAYS[known.way]}]
    looked = local(known.ok_at, zone) if known.ok_at else "not yet"
    pairs = (
        ("Mailbox", f"{known.login} at {known.host}, {known.folder}"),
        ("Last looked", looked),
        ("Last message", local(known.took_at, zone) if known.took_at else "none yet"),
    )
    return [{"term": term, "value": value} for term, value in pairs]


def _asked(request: HttpRequest, portal_id: int) -> tuple[PortalRow, MailboxForm]:
    found = find(portal_id)
    if found.kind is not PortalKind.MAIL:
        raise NotFound("This portal takes no e-mail", mend="Set up a portal for e-mail")
    return found, MailboxForm(request.POST, known=mailbox(portal_id))
