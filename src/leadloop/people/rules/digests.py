"""The hash under which a suppressed address is kept.

sha256 over "leadloop:suppression:v1:<channel>:<address>" in hex, where the address is the normal form and, for
e-mail, the form under which one mailbox's variants meet (plus tag dropped, Gmail's dots too): who unsubscribes as
anna+news@… is not written to as anna@… either. The prefix is fixed, so that the same address gives the same digest
for ever; it tells nothing without a guess at the address, and survives erasure.
"""

from __future__ import annotations

from collections.abc import Iterable

from leadloop.kernel.ids import sha256_hex
from leadloop.kernel.text import matching_view
from leadloop.people.contracts import KIND_OF, Channel

PREFIX = "leadloop:suppression:v1"


def digest(channel: str, norm: str) -> str:
    """Return the digest of an address on a channel."""
    address = matching_view(norm) if channel == Channel.EMAIL and "@" in norm else norm
    return sha256_hex(f"{PREFIX}:{channel}:{address}")


def on_every_channel(addresses: Iterable[tuple[str, ...]]) -> list[tuple[Channel, str]]:
    """Return (channel, digest) of each (kind, norm), once per channel that uses this kind of address."""
    found = {
        (channel, digest(channel, norm))
        for kind, norm in addresses
        for channel, used in KIND_OF.items()
        if used == kind
    }
    return sorted(found)
