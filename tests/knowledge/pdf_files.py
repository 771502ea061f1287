"""PDF files written by hand, object by object: good ones, and such as only somebody hostile would make."""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping, Sequence


def from_objects(objects: Mapping[int, bytes], trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A file of these numbered objects, with the table that says where each begins."""
    made = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    begins: dict[int, int] = {}
    for number, body in objects.items():
        begins[number] = len(made)
        made += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = len(made)
    size = max(objects) + 1
    made += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        made += b"%010d 00000 n \n" % begins.get(number, 0)
    return bytes(made) + b"trailer\n<< /Size %d %b >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, table)


def stream(data: bytes) -> bytes:
    """A compressed stream."""
    packed = zlib.compress(data)
    return b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(packed), packed)


def pdf(pages: Sequence[Sequence[str]], title: str = "") -> bytes:
    """A file with these pages of lines; an empty line begins a new paragraph."""
    first = 4
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Count %d /Kids [%b] >>"
        % (len(pages), b" ".join(b"%d 0 R" % (first + 2 * n) for n in range(len(pages)))),
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    }
    for number, lines in enumerate(pages):
        drawn = [b"BT /F1 11 Tf 14 TL 72 720 Td"]
        for line in lines:
            said = line.encode("latin-1").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
            drawn.append(b"(%b) Tj T*" % said if line else b"T*")
        objects[first + 2 * number] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (first + 2 * number + 1)
        )
        objects[first + 2 * number + 1] = stream(b"\n".join([*drawn, b"ET"]))
    last = first + 2 * len(pages)
    objects[last] = b"<< /Title (%b) >>" % title.encode("latin-1")
    return from_objects(objects, b"/Root 1 0 R /Info %d 0 R" % last)


def locked(data: bytes, password: str) -> bytes:
    """The same file, to be opened with a password only (none asked for where it is empty)."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt(password, owner_password="of the owner", algorithm="RC4-128")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def claims_many_pages() -> bytes:
    """One page that says it is a thousand million."""
    return pdf([["One."]]).replace(b"/Count 1 ", b"/Count 1000000000 ")


def pages_within_themselves() -> bytes:
    """The list of pages holds itself."""
    return from_objects(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Count 3 /Kids [2 0 R 2 0 R] >>",
        }
    )


def deep(levels: int = 20_000) -> bytes:
    """Arrays within arrays within arrays."""
    return from_objects(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Count 1 /Kids %b%b >>" % (b"[" * levels, b"]" * levels),
        }
    )


def form_within_itself() -> bytes:
    """A page that draws a form which draws itself."""
    form = zlib.compress(b"BT /F1 11 Tf (Again) Tj ET /X Do")
    return from_objects(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Count 1 /Kids [4 0 R] >>",
            3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            4: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R /Resources "
            b"<< /Font << /F1 3 0 R >> /XObject << /X 6 0 R >> >> >>",
            5: stream(b"/X Do"),
            6: b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /Font << /F1 3 0 R >> "
            b"/XObject << /X 6 0 R >> >> /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream"
            % (len(form), form),
        }
    )


def unpacks_to(megabytes: int) -> bytes:
    """A page whose few kilobytes unpack to many."""
    return from_objects(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R >>",
            4: stream(b" " * megabytes * 1_000_000),
        }
    )
