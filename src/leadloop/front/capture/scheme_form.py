"""How a general webhook shows who it is, as its page asks."""

from __future__ import annotations

from typing import Any

from django import forms

from leadloop.capture.doors import HookScheme, Proof

PROOFS = {
    Proof.HMAC_SHA256: "A signature of the body, HMAC with SHA-256",
    Proof.HMAC_SHA512: "A signature of the body, HMAC with SHA-512",
    Proof.HMAC_SHA1: "A signature of the body, HMAC with SHA-1",
    Proof.SECRET: "The secret itself",
}


class SchemeForm(forms.Form):
    """How a general webhook shows who it is."""

    proof = forms.ChoiceField(label="It sends", choices=[(str(key), said) for key, said in PROOFS.items()])
    header = forms.CharField(label="In the header", max_length=60, help_text="Such as X-Signature")
    before = forms.CharField(label="Behind", max_length=40, required=False, help_text="Such as sha256=")
    encoding = forms.ChoiceField(label="Written as", choices=[("hex", "hex"), ("base64", "base64")])
    event_path = forms.CharField(
        label="Event’s number stands at", max_length=200, required=False,
        help_text="Such as $.id: the same number counts once. Empty: the same text does.",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, scheme: HookScheme) -> None:
        begin = {name: str(getattr(scheme, "prefix" if name == "before" else name)) for name in self.base_fields}
        super().__init__(data, initial=begin)

    def wanted(self) -> HookScheme:
        """The scheme, once the form is valid."""
        given = dict(self.cleaned_data)
        return HookScheme(prefix=given.pop("before"), proof=Proof(given.pop("proof")), **given)
