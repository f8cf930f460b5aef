"""Mail that waits as files in the home, because no mail server is set: what it holds of somebody who is erased goes."""

from __future__ import annotations

import os
import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path

from django.conf import settings

BETWEEN = b"-" * 79 + b"\n"
"""What Django writes after each mail of a file."""


def forget_in_mail(name: str, email: str | None, pseudonym: str) -> int:
    """Mails to the person go; in those to others the pseudonym stands where the name or the address stood. Gives how many were touched."""
    folder = Path(settings.EMAIL_FILE_PATH)
    return sum(_scrub(path, name, email or "", pseudonym) for path in sorted(folder.glob("*.log"))) if folder.is_dir() else 0


def _scrub(path: Path, name: str, email: str, pseudonym: str) -> int:
    mails = [mail for mail in path.read_bytes().split(BETWEEN) if mail.strip()]
    kept = [_without(mail, name, email, pseudonym) for mail in mails]
    if kept == mails:
        return 0
    if rest := [mail for mail in kept if mail is not None]:
        beside = path.with_suffix(".new")
        with os.fdopen(os.open(beside, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as out:
            out.writelines(mail + BETWEEN for mail in rest)
        beside.replace(path)
    else:
        path.unlink()
    return sum(before != after for before, after in zip(mails, kept, strict=True))


def _without(mail: bytes, name: str, email: str, pseudonym: str) -> bytes | None:
    """The mail without the person: None where it was to them, unchanged where it does not speak of them."""
    message = message_from_bytes(mail, policy=policy.default)
    if not isinstance(message, EmailMessage):
        return mail
    to = [address.casefold() for _name, address in getaddresses([str(one) for header in ("To", "Cc", "Bcc") for one in message.get_all(header, [])])]
    if email and email.casefold() in to:
        return None
    pattern = re.compile("|".join(re.escape(text) for text in (name, email) if text), re.IGNORECASE)
    changed = False
    if pattern.search(subject := str(message.get("Subject", ""))):
        del message["Subject"]
        message["Subject"] = pattern.sub(pseudonym, subject)
        changed = True
    for part in message.walk():
        if part.get_content_maintype() == "text" and pattern.search(text := part.get_content()):
            part.set_content(pattern.sub(pseudonym, text), subtype=part.get_content_subtype())
            changed = True
    return message.as_bytes() + b"\n" if changed else mail
