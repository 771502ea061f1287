"""Numbers, percentages and money in plain words: "a couple of hundred", "1.2k", "half a million euros".

A range such as "30-50" is read as its middle: nobody knows such a figure better, the answer is shown at
once, and the words are kept beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from workflows.questions import Question
from workflows.words.reading import Correction, Read, one_line, quoted

_TO_TWELVE = "zero one two three four five six seven eight nine ten eleven twelve"
_TEENS = "thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS_SAID = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNITS = {w: float(i) for i, w in enumerate([*_TO_TWELVE.split(), *_TEENS.split()])}
_TENS = {w: 10.0 * i for i, w in enumerate(_TENS_SAID.split(), start=2)}
_TENS |= {"fourty": 40.0, "fivty": 50.0, "ninty": 90.0}
_SCALES = {"thousand": 1e3, "grand": 1e3, "million": 1e6, "millions": 1e6, "billion": 1e9}
_WORD = (
    r"(?:(?:a|an|half|quarter|couple|few|dozen|dozens|hundred|hundreds|thousands|"
    + "|".join([*_UNITS, *_TENS, *_SCALES])
    + r")(?![\w'’]))"
)
_RUN = re.compile(rf"(?<![\w@#'’]){_WORD}(?:(?:[\s-]+(?:and\s+|of\s+)?){_WORD})*", re.IGNORECASE)
_DIGITS = re.compile(
    r"(?<![\w@#.,/:])(?P<sign>[-−](?=\d))?"
    r"(?P<number>\d{1,3}(?:[,.'’\u202f ]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)?|[.,]\d+)"
    r"(?:\s?(?P<scale>k|K|mn|mio|Mio|bn|thousand|thousands|grand|million|millions|billion|hundred|dozen"
    r"|tsd)(?![\w])|(?P<mega>[mM])(?![\w]))?"
)
_DIGIT_SCALES = {
    "k": 1e3, "thousand": 1e3, "thousands": 1e3, "grand": 1e3, "tsd": 1e3, "mn": 1e6, "mio": 1e6,
    "million": 1e6, "millions": 1e6, "bn": 1e9, "billion": 1e9, "hundred": 100.0, "dozen": 12.0,
}  # fmt: skip
_DIGITS_AT_MOST = 40
"""A longer row of digits counts nothing; it is a key or a slip."""
_MENTION = re.compile(r"<[@!#][^>]*>")


@dataclass(frozen=True)
class Figure:
    """A number found in a text: its value (the middle, for a range) and where it stands."""

    value: float
    start: int
    end: int
    range: tuple[float, float] | None = None


def figures(text: str, mega: bool = False) -> list[Figure]:
    """All numbers in the text, in order. ``mega``: "5m" is five million (it may be minutes elsewhere)."""
    text = _MENTION.sub(lambda m: " " * len(m[0]), text)
    found = []
    for m in _DIGITS.finditer(text):
        if len(m["number"]) > _DIGITS_AT_MOST:
            continue
        value = _from_digits(m["number"])
        end = m.end()
        if m["mega"]:
            if mega or m["mega"] == "M":
                value *= 1e6
            else:
                end = m.start("mega")
        elif m["scale"]:
            value *= _DIGIT_SCALES[m["scale"].lower()]
        found.append(Figure(-value if m["sign"] else value, m.start(), end))
    taken = [(f.start, f.end) for f in found]
    for m in _RUN.finditer(text):
        if any(start < m.end() and m.start() < end for start, end in taken):
            continue
        worth = _from_words(m[0].lower()) if len(m[0]) < 200 else None
        if worth is not None and not _is_pronoun(text, m):
            found.append(Figure(worth, m.start(), m.end()))
    return _ranges(text, sorted(found, key=lambda f: f.start))


def _is_pronoun(text: str, m: re.Match[str]) -> bool:
    """ "the second one", "this one", "one of them" do not count anything."""
    if m[0].lower() != "one":
        return False
    before = text[: m.start()].rstrip().lower()
    after = text[m.end() :].lstrip().lower()
    return after.startswith("of ") or bool(
        re.search(r"\b(?:the|this|that|which|each|every|no|any|some|\w+(?:st|nd|rd|th)|second|last)$", before)
    )


def _from_digits(number: str) -> float:
    number = re.sub(r"[\u202f '’]", "", number)
    comma, dot = number.rfind(","), number.rfind(".")
    if comma >= 0 and dot >= 0:
        decimal = max(comma, dot)
        whole = re.sub(r"[.,]", "", number[:decimal])
        return float(f"{whole or 0}.{number[decimal + 1 :]}")
    if comma >= 0:
        grouped = re.fullmatch(r"[1-9]\d{0,2}(?:,\d{3})+", number)
        return float(number.replace(",", "" if grouped else "."))
    if dot >= 0:
        # "1.200" with a trailing nought is how much of Europe writes 1,200; nobody writes 1.2 so.
        grouped = re.fullmatch(r"[1-9]\d{0,2}(?:\.\d{3}){2,}|[1-9]\d{0,2}\.\d{2}0", number)
        return float(number.replace(".", "") if grouped else f"0{number}" if dot == 0 else number)
    return float(number)


def _from_words(run: str) -> float | None:
    """The worth of a run of number words; ``None`` if it says no number ("a", "a few")."""
    words = [w for w in re.split(r"[\s-]+", run) if w not in ("and", "of")]
    total, current, last_scale, said = 0.0, 0.0, 0.0, False
    for i, word in enumerate(words):
        following = words[i + 1 :]
        if word in ("a", "an"):
            if not current and following and following[0] not in ("few", "couple", "half", "quarter"):
                current = 1.0
        elif word in ("half", "quarter"):
            part = 0.5 if word == "half" else 0.25
            if last_scale and not current:
                total += part * last_scale
            else:
                current += part
            said = True
        elif word == "couple":
            current, said = 2.0, True
        elif word == "few":
            if not following:
                return None
            current = 3.0
        elif word in _UNITS:
            current, said = current + _UNITS[word], True
        elif word in _TENS:
            current, said = current + _TENS[word], True
        elif word in ("dozen", "dozens"):
            current, said = (current or 1.0) * 12, True
        elif word in ("hundred", "hundreds"):
            current, said = (current or 1.0) * 100, True
        else:
            last_scale = _SCALES.get(word, 1e3)
            total, current, said = total + (current or 1.0) * last_scale, 0.0, True
    return total + current if said else None


_TO = re.compile(r"\s*(?:-|–|—|to|or|till|until|bis)\s*", re.IGNORECASE)


def _ranges(text: str, found: list[Figure]) -> list[Figure]:
    """Joins "30-50", "30 to 50", "between 30 and 50" to one figure; "2-3k" means thousands both."""
    joined: list[Figure] = []
    for figure in found:
        before = joined[-1] if joined else None
        if before and before.range is None and before.value >= 0 and abs(figure.value) > before.value:
            gap = text[before.end : figure.start]
            value, start = figure.value, before.start
            between = re.search(r"\bbetween\s+$", text[: before.start], re.IGNORECASE)
            dash = value < 0 and gap == ""
            from_ = re.search(r"\bfrom\s+$", text[: before.start], re.IGNORECASE)
            joining = _TO.fullmatch(gap) and not from_
            if gap.strip().lower() == "or" and abs(value) > 3 * before.value:
                joining = None  # "40 or 300" leaves open which
            if dash or joining or (between and gap.strip().lower() in ("and", "to")):
                low, high = before.value, abs(value)
                scale = _scale_of(text[figure.start : figure.end])
                if scale > 1 and _scale_of(text[before.start : before.end]) == 1 and low < high / scale:
                    low *= scale
                if between:
                    start = between.start()
                joined[-1] = Figure((low + high) / 2, start, figure.end, (low, high))
                continue
        joined.append(figure)
    return joined


def _scale_of(text: str) -> float:
    m = re.search(r"([A-Za-z]+)\s*$", text)
    return _DIGIT_SCALES.get(m[1].lower(), 1.0) if m else 1.0


_NONE = re.compile(
    r"^(?:none|no one|nobody|nothing|nil|zero|not any|no \w+)(?: at all| yet| so far)?[.!]?$", re.IGNORECASE
)


def read_number(question: Question, text: str) -> Read | Correction:
    """One number within the question's bounds."""
    line = one_line(text)
    found = figures(line)
    if not found and _NONE.match(line):
        return _within(question, 0.0, line)
    return _one_of(question, line, found, "a number")


def _one_of(question: Question, line: str, found: list[Figure], what: str) -> Read | Correction:
    if len({f.value for f in found}) > 1:
        found = _meant(question, line, found)
    if not found:
        return Correction(
            f"I was looking for {what} and did not find one in {quoted(line)}.", _example(question)
        )
    if len({f.value for f in found}) > 1:
        read = " and ".join(number_in_words(f.value) for f in found[:3])
        return Correction(f"I read {read}. Which one is the answer?", number_in_words(found[0].value))
    return _within(question, found[0].value, line)


def _meant(question: Question, line: str, found: list[Figure]) -> list[Figure]:
    """Among several figures those that stand before a word of the question ("40 agents, 300 calls")."""
    own = {w.rstrip("s") for n in (question.label, question.unit, *question.names) for w in n.lower().split()}
    near = [
        f
        for f in found
        if own
        & {w.rstrip("s") for w in re.findall(r"[a-z]+", re.split(r"[,;.\d]", line[f.end :].lower())[0])[:3]}
    ]
    return near or found


def _within(question: Question, value: float, line: str) -> Read | Correction:
    low, high = question.bounds.min, question.bounds.max
    if low is not None and value < low:
        return Correction(
            f"I read {number_in_words(value)}; it cannot be less than {number_in_words(low)}.",
            _example(question),
        )
    if high is not None and value > high:
        return Correction(
            f"I read {number_in_words(value)}; it cannot be more than {number_in_words(high)}.",
            _example(question),
        )
    return Read(float(value))


def _example(question: Question, otherwise: str = "about 20") -> str:
    return question.examples[0] if question.examples else otherwise


def number_in_words(value: float) -> str:
    """``1200.0`` as "1,200", ``0.5`` as "0.5"; reads back as the same number."""
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    # Without trailing noughts, so that three decimals never look like "1.200" for 1,200.
    return f"{value:,.10f}".rstrip("0")


_FRACTIONS = (
    (r"three[\s-]quarters", 75.0), (r"two[\s-]thirds", 200 / 3), (r"(?:a|one)[\s-]third", 100 / 3),
    (r"(?:a|one)[\s-]quarter", 25.0), (r"(?:a|one)[\s-]fifth", 20.0), (r"(?:a|one)[\s-]tenth", 10.0),
    (r"half", 50.0), (r"all(?: of (?:it|them))?|everything|everyone", 100.0), (r"none|nothing|zero", 0.0),
)  # fmt: skip


def read_percent(question: Question, text: str) -> Read | Correction:
    """A percentage as people say it: "20%", "about a fifth", "twenty percent", or just "20"."""
    line = one_line(text)
    found = figures(line)
    marked = [
        f for f in found if re.match(r"\s*(?:%|per ?cent|pct|percentage)", line[f.end :], re.IGNORECASE)
    ]
    parts = len(found) == 2 and re.search(r"\s*(?:in|out of|of|/)\s*", line[found[0].end : found[1].start])
    if parts and not marked and 0 <= found[0].value <= found[1].value != 0:
        return _within(question, round(100 * found[0].value / found[1].value, 2), line)
    if not marked:
        for pattern, share in _FRACTIONS:
            if re.search(rf"\b(?:{pattern})\b", line, re.IGNORECASE) and not re.search(r"\d", line):
                return _within(question, round(share, 1), line)
    return _one_of(question, line, marked or found, "a percentage")


_CURRENCIES = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "$": "USD", "us$": "USD", "usd": "USD",
    "dollar": "USD", "dollars": "USD", "bucks": "USD", "£": "GBP", "gbp": "GBP", "pound": "GBP",
    "pounds": "GBP", "quid": "GBP", "sterling": "GBP", "chf": "CHF", "franc": "CHF", "francs": "CHF",
    "¥": "JPY", "yen": "JPY", "jpy": "JPY", "cad": "CAD", "c$": "CAD", "aud": "AUD", "a$": "AUD",
    "sek": "SEK", "nok": "NOK", "dkk": "DKK", "pln": "PLN", "zł": "PLN", "czk": "CZK", "huf": "HUF",
    "inr": "INR", "₹": "INR", "rupees": "INR", "cny": "CNY", "rmb": "CNY", "sgd": "SGD", "hkd": "HKD",
    "nzd": "NZD", "zar": "ZAR", "brl": "BRL", "mxn": "MXN", "try": "TRY", "krw": "KRW",
}  # fmt: skip
_CURRENCY = re.compile(
    r"(?:us|c|a)\$|[€$£¥₹]|(?<![a-z])(?:"
    + "|".join(sorted((c for c in _CURRENCIES if c.isalpha()), key=len, reverse=True))
    + r")(?![a-z])",
    re.IGNORECASE,
)


def read_money(question: Question, text: str) -> Read | Correction:
    """An amount with its currency; without one, the question's ``unit`` where that is a currency."""
    line = one_line(text)
    spaced = _CURRENCY.sub(lambda m: " " * len(m[0]), line)
    spaced = re.sub(r"\bk(\s+)(\d[\d.,]*)", r" \1\2k", spaced, flags=re.IGNORECASE)  # "k€ 20"
    found = figures(spaced, mega=True)
    named = [_CURRENCIES[m[0].lower()] for m in _CURRENCY.finditer(line) if m[0].lower() != "try"]
    if re.search(r"\bTRY\b", line):
        named.append("TRY")
    example = _example(question, "20k EUR")
    if not found and re.fullmatch(
        r"(?:none|nothing|no (?:cost|budget)|free|zero|it'?s free)[.!]?", line, re.I
    ):
        found = [Figure(0.0, 0, 0)]
        named = named or ([] if _currency_of(question) else ["EUR"])
    amount = _one_of(question, line, found, "an amount")
    if isinstance(amount, Correction):
        return Correction(amount.text, example)
    if len(set(named)) > 1:
        return Correction(f"I read two currencies, {named[0]} and {named[1]}. Which one is it?", example)
    currency = named[0] if named else _currency_of(question)
    if not currency:
        figure = number_in_words(amount.value)
        return Correction(f"I read {figure}. In which currency?", f"{figure} EUR")
    return Read({"amount": amount.value, "currency": currency})


def _currency_of(question: Question) -> str:
    unit = question.unit.strip()
    return _CURRENCIES.get(unit.lower(), unit if re.fullmatch(r"[A-Z]{3}", unit) else "")


def money_in_words(value: dict[str, object]) -> str:
    """``{"amount": 20000.0, "currency": "EUR"}`` as "EUR 20,000"."""
    return f"{value['currency']} {number_in_words(float(str(value['amount'])))}"
