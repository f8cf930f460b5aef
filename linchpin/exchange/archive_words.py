"""What a full export says of itself, in words, for whoever opens it without Linchpin."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone
from django.utils.translation import gettext as _

from linchpin import __version__
from linchpin.kernel.people.models import Organization


def readme(rows: Mapping[str, int], files: int) -> str:
    """The text of README.txt. `rows` counts the lines of each table's member."""
    organization = Organization.objects.first()
    parts = [
        _("Everything that %(organization)s had in Linchpin %(version)s on %(day)s.")
        % {"organization": organization, "version": __version__, "day": timezone.localtime().date().isoformat()},
        *_explained(files),
        _("ROWS") + "\n" + "\n".join(f"{count:>9}  {member}" for member, count in rows.items()),
    ]
    return "\n\n".join(parts) + "\n"


def _explained(files: int) -> list[str]:
    return [
        _(
            "WHAT IS IN HERE\n"
            "manifest.json   every member of this archive with its SHA-256 and size, and the state of the trail\n"
            "tables/         one file for each kind of thing: one row in one line of JSON, text in UTF-8, times in UTC\n"
            "trail.jsonl     who did what and when: public keys, seals, then each subject's events and their texts\n"
            "files/          %(files)s attached files, each named by the SHA-256 of its content\n"
            "keys/           the public keys that the seals were signed with"
        )
        % {"files": files},
        _(
            "HOW ROWS BELONG TOGETHER\n"
            "A field that ends with _id names the “id” of a row in another table: owner_id, created_by_id and the like in\n"
            "tables/people.person.jsonl, unit_id in tables/people.unit.jsonl, record_id, parent_id, source_id and target_id\n"
            "in the tables of the record types. An attached file's name and record are in tables/files.storedfile.jsonl."
        ),
        _(
            "HOW TO VERIFY IT WITHOUT THE INSTALLATION\n"
            "linchpin verify --export THIS-FILE\n"
            "By hand: an event's hash is the SHA-256 of the hash before it, a line break and its body. A private text stands in the body\n"
            "as the SHA-256 of its salt and the text; where salt and text are gone, they were erased lawfully and an event says so.\n"
            "A seal's root is the Merkle root (RFC 6962) over the hashes of its leaves; its signature is Ed25519 over the canonical JSON\n"
            "of at, count, key, number, previous and root; its hash is the SHA-256 of that text, a line break and the signature."
        ),
        _(
            "HOW TO BRING IT IN\nlinchpin restore THIS-FILE, into an empty home, on SQLite or PostgreSQL.\n"
            "Passwords, second steps, tokens, sessions and private keys are not in here: people set their passwords anew."
        ),
    ]
