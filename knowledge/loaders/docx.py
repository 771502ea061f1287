"""Word documents: paragraphs, headings by their style, tables row by row; read from the parts themselves."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree

from knowledge.loading import Loaded, Transcript, Unreadable, loads

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_BYTES_AT_MOST = 60_000_000


@loads(".docx")
def docx(data: bytes) -> Loaded:
    """Read a Word document."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("is encrypted, or in the format of old Word; save it as .docx without a password")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        names = set(archive.namelist())
        body = _part(archive, "word/document.xml")
        styles = _part(archive, "word/styles.xml") if "word/styles.xml" in names else None
        core = _part(archive, "docProps/core.xml") if "docProps/core.xml" in names else None
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError) as error:
        # zipfile raises NotImplementedError for ways of compressing that it does not know, and RuntimeError
        # for parts that are locked with a password: Word makes neither.
        raise Unreadable("is damaged: it is not a Word document") from error
    except ElementTree.ParseError as error:
        raise Unreadable("is damaged: its text cannot be read") from error
    levels = _heading_levels(styles)
    transcript = Transcript()
    for block in body.iter():
        if block.tag == f"{_W}tr":
            cells = (" ".join(_words(p) for p in cell.iter(f"{_W}p")) for cell in block.iter(f"{_W}tc"))
            transcript.paragraph(" | ".join(c.strip().replace("\n", " ") for c in cells if c.strip()))
            for paragraph in block.iter(f"{_W}p"):
                paragraph.clear()  # told with its row
        if block.tag != f"{_W}p":
            continue
        style = block.find(f"{_W}pPr/{_W}pStyle")
        level = levels.get(style.get(f"{_W}val", "") if style is not None else "", 0)
        if level:
            transcript.heading(level, _words(block))
        else:
            transcript.paragraph(_words(block))
    title = core.findtext(_TITLE) if core is not None else None
    return transcript.loaded((title or "").strip())


def _part(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    if archive.getinfo(name).file_size > _BYTES_AT_MOST:
        raise Unreadable("unpacks to more than 60 MB; split it")
    with archive.open(name) as file:
        xml = file.read(_BYTES_AT_MOST + 1)
    if len(xml) > _BYTES_AT_MOST:
        raise Unreadable("unpacks to more than 60 MB; split it")
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise Unreadable("declares entities, which Word never does; it is not read")
    return ElementTree.fromstring(xml)  # noqa: S314 - what makes XML dangerous was refused above


def _words(paragraph: ElementTree.Element) -> str:
    said: list[str] = []
    for node in paragraph.iter():
        if node.tag == f"{_W}t":
            said.append(node.text or "")
        elif node.tag in (f"{_W}br", f"{_W}cr"):
            said.append("\n")
        elif node.tag == f"{_W}tab":
            said.append(" ")
    return "".join(said)


def _heading_levels(styles: ElementTree.Element | None) -> dict[str, int]:
    """The level of each style that is a heading; ids are translated in other languages, names are not."""
    levels = {f"Heading{n}": n for n in range(1, 7)} | {"Title": 1}
    for style in styles.iter(f"{_W}style") if styles is not None else ():
        name = style.find(f"{_W}name")
        said = (name.get(f"{_W}val", "") if name is not None else "").lower()
        found = re.fullmatch(r"heading ([1-6])", said)
        if found or said == "title":
            levels[style.get(f"{_W}styleId", "")] = int(found.group(1)) if found else 1
    return levels
