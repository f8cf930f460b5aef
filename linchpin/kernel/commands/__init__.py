"""The only writers. Every command takes a keyword-only `actor`, stands in one transaction and leaves its event."""

from __future__ import annotations

from linchpin.kernel.commands.attaching import attach
from linchpin.kernel.commands.commenting import comment
from linchpin.kernel.commands.creating import create, record_by_uid
from linchpin.kernel.commands.editing import edit
from linchpin.kernel.commands.keeping_figures import keep_figures
from linchpin.kernel.commands.linking import link, unlink
from linchpin.kernel.commands.moving import Offer, move, offers
from linchpin.kernel.commands.on_device import done_on_device
from linchpin.kernel.commands.signing import Signing
from linchpin.kernel.commands.transaction import command

__all__ = [
    "Offer", "Signing", "attach", "command", "comment", "create", "done_on_device", "edit", "keep_figures", "link", "move", "offers",
    "record_by_uid", "unlink",
]  # fmt: skip
