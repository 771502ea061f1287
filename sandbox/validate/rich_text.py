"""Rich text and tables: formatted text as a tree."""

from __future__ import annotations

from sandbox.validate.check import Check, anything, boolean, by_type, integer, list_of, obj, one_of, string
from sandbox.validate.objects import url, user_id

_style = obj(
    {},
    dict.fromkeys(
        ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"), boolean
    ),
)


def _piece(required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    return obj({"type": anything, **required}, {"style": _style, **(optional or {})})


_pieces: dict[str, Check] = {
    "text": _piece({"text": string(40_000)}),
    "link": _piece({"url": url}, {"text": string(40_000, least=0), "unsafe": boolean}),
    "user": _piece({"user_id": user_id}),
    "usergroup": _piece({"usergroup_id": user_id}),
    "channel": _piece({"channel_id": user_id}),
    "emoji": _piece({"name": string(100)}, {"unicode": string(100), "skin_tone": integer(1, 6), "url": url}),
    "broadcast": _piece({"range": one_of("here", "channel", "everyone")}),
    "date": _piece(
        {"timestamp": integer(0, 99_999_999_999), "format": string(500)},
        {"url": url, "fallback": string(500)},
    ),
    "color": _piece({"value": string(20)}),
    "team": _piece({"team_id": user_id}),
}
_run = list_of(by_type(_pieces), 1000, least=0)
_section = obj({"type": anything, "elements": _run})

rich_text = obj(
    {
        "type": anything,
        "elements": list_of(
            by_type(
                {
                    "rich_text_section": _section,
                    "rich_text_list": obj(
                        {
                            "type": anything,
                            "style": one_of("bullet", "ordered"),
                            "elements": list_of(by_type({"rich_text_section": _section}), 1000, least=0),
                        },
                        {"indent": integer(0, 8), "offset": integer(0, 100_000), "border": integer(0, 1)},
                    ),
                    "rich_text_preformatted": obj(
                        {"type": anything, "elements": _run},
                        {"border": integer(0, 1), "language": string(50)},
                    ),
                    "rich_text_quote": obj({"type": anything, "elements": _run}, {"border": integer(0, 1)}),
                }
            ),
            500,
            least=0,
        ),
    },
    {"block_id": string(255)},
)

_cell = by_type(
    {
        "raw_text": obj({"type": anything, "text": string(10_000)}),
        "raw_number": obj({"type": anything, "value": anything}, {"text": string(10_000)}),
        "rich_text": rich_text,
    }
)
_column = obj({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean})


def _column_or_null(value: object, at: str, findings: object) -> None:
    if value is not None:
        _column(value, at, findings)  # type: ignore[arg-type]


table = obj(
    {"type": anything, "rows": list_of(list_of(_cell, 20), 100)},
    {"block_id": string(255), "column_settings": list_of(_column_or_null, 20)},
)
data_table = obj(
    {"type": anything, "rows": list_of(list_of(anything, 20), 201), "caption": string(500)},
    {
        "block_id": string(255),
        "page_size": integer(1, 100),
        "row_header_column_index": integer(0, 19),
        "columns": anything,
    },
)
