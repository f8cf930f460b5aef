"""The zip that backups and full exports travel in: a manifest names every member with its hash, and nothing else is taken."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO

from django.utils import timezone
from django.utils.translation import gettext as _

from linchpin import __version__
from linchpin.kernel.people.models import Organization
from linchpin.kernel.records.refusals import Refused

BACKUP, EXPORT = "linchpin-backup", "linchpin-export"
MANIFEST, README = "manifest.json", "README.txt"
LAYOUT = 1
"""Version of how the members lie. A reader takes its own and older ones."""
CHUNK = 1 << 20
LONGEST_MANIFEST = 500_000_000
STORED = re.compile(r"files/[0-9a-f]{2}/[0-9a-f]{64}")
"""A file under its hash."""
NAMES = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9_.-]*/)*[A-Za-z0-9_][A-Za-z0-9_.-]*")


class Packing:
    """A zip that is being written. `members` notes each member's hash and size as it goes in."""

    def __init__(self, out: BinaryIO) -> None:
        self.zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
        self.members: dict[str, dict[str, Any]] = {}

    def add(self, name: str, pieces: Iterable[bytes], *, packed: bool = True) -> None:
        """Write a member piece by piece; `packed=False` for content that does not shrink any more."""
        member, known, size = zipfile.ZipInfo(name, timezone.now().timetuple()[:6]), hashlib.sha256(), 0
        member.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        member.external_attr = (stat.S_IFREG | 0o600) << 16
        with self.zip.open(member, "w", force_zip64=True) as into:
            for piece in pieces:
                into.write(piece)
                known.update(piece)
                size += len(piece)
        self.members[name] = {"sha256": known.hexdigest(), "size": size}

    def add_file(self, name: str, path: Path, *, packed: bool = False) -> None:
        with path.open("rb") as source:
            self.add(name, iter(lambda: source.read(CHUNK), b""), packed=packed)

    def add_stored_files(self, home: Path) -> int:
        """Every kept file of the home, under its hash. Gives their number."""
        count = 0
        for path in sorted((home / "files").glob("??/*")):
            name = f"files/{path.parent.name}/{path.name}"
            if STORED.fullmatch(name):
                self.add_file(name, path)
                count += 1
        return count

    def close(self, kind: str, **more: Any) -> dict[str, Any]:
        """Write the manifest and the zip's end. Gives the manifest."""
        organization = Organization.objects.values("name", "uid", "edition", "is_demo").first()
        manifest = {
            "format": kind,
            "layout": LAYOUT,
            "linchpin": __version__,
            "made_at": timezone.now().isoformat(timespec="seconds"),
            "organization": organization and organization | {"uid": str(organization["uid"])},
            **more,
            "members": self.members,
        }
        self.zip.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
        self.zip.close()
        return manifest


@contextmanager
def packing(out: BinaryIO) -> Iterator[Packing]:
    """A zip into the open file. When something fails, no end is written behind what is then thrown away."""
    pack = Packing(out)
    try:
        yield pack
    except BaseException:
        pack.zip.fp = None
        raise


class Unpacking:
    """A zip whose every member was found to be what its manifest says."""

    def __init__(self, path: Path, opened: zipfile.ZipFile) -> None:
        self.path, self.zip = path, opened
        self.manifest = self._manifest()
        self._check_names()
        self._check_content()

    @property
    def kind(self) -> str:
        return str(self.manifest["format"])

    @property
    def size(self) -> int:
        return sum(member["size"] for member in self.manifest["members"].values())

    def names(self, start: str = "") -> list[str]:
        return [name for name in self.manifest["members"] if name.startswith(start)]

    def open(self, name: str) -> IO[bytes]:
        return self.zip.open(name)

    def read(self, name: str) -> bytes:
        return self.zip.read(name)

    def extract(self, names: Iterable[str], into: Path) -> None:
        """Write members below the folder, for their owner alone. Names were checked: none leads elsewhere."""
        for name in names:
            target = into / PurePosixPath(name)
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self.open(name) as source, target.open("xb") as out:
                target.chmod(0o600)
                shutil.copyfileobj(source, out, CHUNK)

    def _manifest(self) -> dict[str, Any]:
        try:
            told = json.loads(self._whole(MANIFEST, LONGEST_MANIFEST))
        except (KeyError, ValueError) as problem:
            raise self._refused(_("it has no manifest of Linchpin")) from problem
        members = told.get("members") if isinstance(told, dict) else None
        if not isinstance(members, Mapping) or told.get("format") not in (BACKUP, EXPORT):
            raise self._refused(_("it is neither a backup nor an export of Linchpin"))
        if not all(isinstance(m, Mapping) and isinstance(m.get("size"), int) and isinstance(m.get("sha256"), str) for m in members.values()):
            raise self._refused(_("its manifest is damaged"))
        if not isinstance(told.get("layout"), int) or told["layout"] > LAYOUT:
            raise self._refused(_("it was made by a newer Linchpin (%s): bring this installation up to that version first") % told.get("linchpin"))
        return told

    def _whole(self, name: str, longest: int) -> bytes:
        with self.zip.open(name) as member:
            found = member.read(longest + 1)
        if len(found) > longest:
            raise ValueError(name)
        return found

    def _check_names(self) -> None:
        """Only plain relative names, each once, exactly those of the manifest, with the sizes it gives."""
        found = [info for info in self.zip.infolist() if info.filename != MANIFEST]
        for info in found:
            kind = stat.S_IFMT(info.external_attr >> 16)
            if not NAMES.fullmatch(info.filename) or kind not in (0, stat.S_IFREG):
                raise self._refused(_("the name of its member “%s” leads out of the archive") % ascii(info.filename)[1:-1])
        sizes = {info.filename: info.file_size for info in found}
        if len(sizes) != len(found) or sizes != {name: member["size"] for name, member in self.manifest["members"].items()}:
            raise self._refused(_("it holds other files than its manifest says"))

    def _check_content(self) -> None:
        for name, member in self.manifest["members"].items():
            known = hashlib.sha256()
            with self.open(name) as source:
                while piece := source.read(CHUNK):
                    known.update(piece)
            if known.hexdigest() != member["sha256"]:
                raise self._refused(_("its member %s is not what was written") % name)
            if STORED.fullmatch(name) and not name.endswith(member["sha256"]):
                raise self._refused(_("the file %s is not the one that its name says") % name)

    def _refused(self, why: str) -> Refused:
        return damaged(self.path, why)


def damaged(path: Path, why: object) -> Refused:
    return Refused(_("%(file)s was not taken: %(why)s. Nothing was changed.") % {"file": path.name, "why": why})


@contextmanager
def unpacking(path: Path) -> Iterator[Unpacking]:
    """The archive, read and checked whole. Raises Refused with what is wrong with it."""
    try:
        with zipfile.ZipFile(path) as opened:
            yield Unpacking(path, opened)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError) as problem:
        raise damaged(path, _("it is damaged or was cut short (%s)") % problem) from problem


def told_of_trail(verification: Any) -> dict[str, Any]:
    """What a manifest says of the trail within."""
    return {"events": verification.events, "seals": verification.seals, "ok": verification.ok, "first_fault": verification.first_fault}
