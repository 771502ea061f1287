"""HTML: the words that a reader sees, headings by their tags, what the head says of the page."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from knowledge.loading import Loaded, Transcript, decoded, loads

_SKIPPED = {"script", "style", "template", "noscript", "svg", "nav", "footer", "iframe", "select", "button"}
_BLOCKS = {
    "p", "div", "section", "article", "main", "ul", "ol", "li", "dl", "dt", "dd", "table", "tr", "blockquote",
    "pre", "figure", "figcaption", "header", "aside", "address", "details", "summary", "hr", "form", "body",
    "caption", "thead", "tbody",
}  # fmt: skip
_CELLS = {"td", "th"}
_ABOUT = {"owner", "audience", "function", "review_date", "link"}
_VOID = {"br", "hr", "img", "input", "meta", "link", "wbr", "col", "area", "source", "track", "embed", "base"}
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([\w-]{2,40})", re.IGNORECASE)


@loads(".html", ".htm", ".xhtml")
def html(data: bytes) -> Loaded:
    """Read a page."""
    reader = _Reader()
    reader.feed(_characters(data))
    reader.close()
    reader.flush()
    return reader.transcript.loaded(" ".join("".join(reader.title).split()), reader.about)


def _characters(data: bytes) -> str:
    named = _CHARSET.search(data[:2048])
    if named and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        try:
            return data.decode(named.group(1).decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass
    return decoded(data)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.transcript = Transcript()
        self.title: list[str] = []
        self.about: dict[str, object] = {}
        self._words: list[str] = []
        self._heading = 0
        self._skipping: list[str] = []
        self._in_title = False
        self._in_pre = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if self._skipping or tag in _SKIPPED or "hidden" in said:
            if tag not in _VOID:
                self._skipping.append(tag)
            return
        if tag == "title":
            self._in_title = True
        elif tag == "meta":
            name = (said.get("name") or "").strip().lower().replace("-", "_")
            if name in _ABOUT and said.get("content"):
                self.about[name] = said["content"]
        elif tag == "link" and (said.get("rel") or "").lower() == "canonical" and said.get("href"):
            self.about["link"] = said["href"]
        elif re.fullmatch(r"h[1-6]", tag):
            self.flush()
            self._heading = int(tag[1])
        elif tag in _BLOCKS:
            self.flush()
            self._in_pre = self._in_pre or tag == "pre"
            if tag == "li":
                self._words.append("- ")
        elif tag == "br":
            self._words.append("\n")
        elif tag in _CELLS and "".join(self._words).strip():
            self._words.append(" | ")

    def handle_endtag(self, tag: str) -> None:
        if self._skipping:
            # Pages leave tags open: what closes an outer one closes those inside it.
            if tag in self._skipping:
                while self._skipping.pop() != tag:
                    pass
            return
        if tag == "title":
            self._in_title = False
        elif tag in _BLOCKS or re.fullmatch(r"h[1-6]", tag):
            self.flush()
            if tag == "pre":
                self._in_pre = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title.append(data)
        elif not self._skipping:
            self._words.append(data if self._in_pre else re.sub(r"\s+", " ", data))

    def flush(self) -> None:
        """Write down the block that ends here."""
        words = "".join(self._words)
        self._words = []
        if self._heading:
            self.transcript.heading(self._heading, words)
            self._heading = 0
        elif words.strip(" -\n\t"):
            self.transcript.paragraph(words)
