"""How people speak of the numbers of a week."""

from __future__ import annotations

import re

from workflows.words.known_titles import stem

SAME = re.compile(
    r"\b(?:same(?: (?:as|like) (?:last|the) (?:week|time|before)| again| here| numbers?| figures?| old"
    r"| story)?"
    r"|no changes?|nothing (?:has )?(?:changed|new)|not(?:hing)? (?:much )?(?:different|changed)"
    r"|unchanged|ditto|idem|steady"
    r"|as (?:before|last (?:week|time)|ever|usual)|like last (?:week|time)|didn'?t change|hasn'?t changed"
    r"|(?:still|stays?|stayed|remain(?:s|ed)?) (?:the )?same|all the same|business as usual|no movement"
    r"|flat)\b",
    re.IGNORECASE,
)
UNKNOWN = re.compile(
    r"\b(?:no (?:idea|clue)|don'?t know|do not know|dunno|not sure|can'?t (?:say|tell)|cannot (?:say|tell)|"
    r"don'?t have (?:them|those|the numbers|it|any)|no numbers|haven'?t (?:got|looked|counted)|not my)\b",
    re.IGNORECASE,
)
ASK = re.compile(
    r"(?:\b(?:ask|check with|talk to|speak to|go to|try|ping|belongs? to|better|handled by|"
    r"(?:now )?with|over to|pass (?:it|this|that) (?:on )?to|give (?:it|this|that) to|questions? for"
    r"|one for)\s+"
    r"(?P<who>(?:<@\w+>|@?[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?|@[\w.-]+)))"
    r"|(?P<knows>(?:<@\w+>|@[\w.-]+|[A-Z][\w'’-]+)) (?:has|knows|would know|will know|keeps|counts|does"
    r"|tracks)\b"
)
OFF = re.compile(
    r"\b(?:(?:switched|turned|shut|took|taken) (?:it |this |that |everything |them )?(?:off|down|offline)"
    r"|(?:is|it'?s|was|are|we'?re) (?:switched |turned |now )?(?:off|offline|down for good|paused|stopped)"
    r"|(?:stopped|paused|retired) (?:it|using it|the pilot)|not (?:in use|used) (?:any ?more|at the moment)"
    r"|(?:paused|stopped|off|offline|down) (?:since|on|for|until)|no longer (?:use|using|in use|run"
    r"|running)|nobody uses it(?: any ?more)?|on hold)\b",
    re.IGNORECASE,
)
SPLIT = re.compile(
    r"\s*(?:;|\n|•|,(?=\s|$)|\.(?=\s|$)|\s\|\s|\s/\s|\s[-–—]\s)\s*"
    r"|\s+(?:but|though|however|while|whereas|except(?: that| for)?|apart from|plus|only)\s+",
    re.IGNORECASE,
)
AND = re.compile(r"\s+(?:and|&|\+)\s+", re.IGNORECASE)
PAST = re.compile(
    r"(?:\b(?:was|were|from|instead of|rather than|not|versus|vs\.?|compared (?:to|with)|after|before it was|"
    r"used to be|target(?: is| of| was)?|goal(?: is| of)?|limit(?: is| of)?|against|than)|\("
    r"|->)\s*(?:about |around |the )?$",
    re.IGNORECASE,
)
ONLY_ARROW = re.compile(r"(?:->|→|=>|\bto\b)\s*$")
WAS_AFTER = re.compile(
    r"^\s*(?:%|[a-z]{1,8}\b)?\s*(?:\(?(?:last (?:week|time)|the week before|previously|before\b|target"
    r"|goal|limit)|(?:->|→|=>))",
    re.IGNORECASE,
)
CALENDAR = re.compile(
    r"^\s*(?:st|nd|rd|th|\.)?\s*(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b"
    r"|^\s*(?:o'?clock|am\b|pm\b)",
    re.IGNORECASE,
)
CALENDAR_BEFORE = re.compile(
    r"\b(?:week|kw|wk|cw|jan\w*|feb\w*|mar\w*|apr\w*|may|jun\w*|jul\w*|aug\w*|sep\w*|oct\w*|nov\w*"
    r"|dec\w*|version|v)\s*\.?\s*$",
    re.IGNORECASE,
)
OF_SAID = re.compile(
    r"(?<=ne|wo|ee|ur|ve|ix|en|ht|ty) of (?=(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve|\w+teen"
    r"|\w+ty)\b)",
    re.IGNORECASE,
)
OF = re.compile(
    r"^\s*(?:/|of|von|(?:\w+\s+){0,3}?out\s+of)\s*(?:the\s+|our\s+|them\s+|all\s+|about\s+)*$", re.IGNORECASE
)
ANSWERS = re.compile(
    r"^\s*(?:stars?|points?)?\s*\(?\s*(?:from|by|over|across|out of|based on|n\s*=)?\s*$", re.IGNORECASE
)
ANSWERED = re.compile(
    r"^\s*(?:answers?|ratings?|people|responses?|replies|votes?|reviews?|respondents?)\b", re.IGNORECASE
)
PERCENT = re.compile(r"^\s*(?:%|per ?cent\b|pct\b|prozent\b)", re.IGNORECASE)
ABOUT = re.compile(
    r"\b(?:about|around|roughly|approximately|approx|maybe|perhaps|probably|i think|i guess|ish|or so"
    r"|circa|ca\.?|some)\b|~|≈",
    re.IGNORECASE,
)
MOVED = re.compile(
    r"\b(?P<up>up|rose|risen|increased?|grew|climbed|higher|more)\b|\b(?P<down>down|fell|fallen|dropped"
    r"|decreased?|lower|less)\b",
    re.IGNORECASE,
)
NONE = re.compile(
    r"\b(?:no|zero|none|not a single|without(?: any)?|0)\b\s*(?:new |more )?(?P<what>.*)$", re.IGNORECASE
)
HALF = re.compile(
    r"\b(?P<half>half)(?: of (?:them|us|the team|it))?\b|\b(?P<all>all of (?:them|us)|everyone|everybody)\b",
    re.I,
)
TIMES = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0, "days": 86400.0}
UNITS = {
    "seconds": re.compile(r"^\s*(?:s|secs?|seconds?)\b", re.IGNORECASE),
    "minutes": re.compile(r"^\s*(?:min|mins|minutes?|minuten)\b", re.IGNORECASE),
    "hours": re.compile(r"^\s*(?:h|hrs?|hours?|stunden)\b", re.IGNORECASE),
    "days": re.compile(r"^\s*days?\b", re.IGNORECASE),
    "money": re.compile(
        r"^\s*(?:€|\$|£|eur\b|euros?\b|usd\b|dollars?\b|gbp\b|pounds?\b|chf\b|k€)", re.IGNORECASE
    ),
    "stars": re.compile(r"^\s*(?:stars?\b|/\s*5\b|out of (?:5|five)\b|of 5\b)", re.IGNORECASE),
}
MONEY_BEFORE = re.compile(r"(?:€|\$|£|\beur|\busd|\bgbp|\bchf)\s*$", re.IGNORECASE)

EMPTY = {
    stem(w)
    for w in re.findall(
        r"\w+",
        """
        a an and are as at be by for from i in is it its of on or our so that the them then this to was we
        were with week about now per each day last first second went go goes came come down up they their all
        any out still one two number numbers figure figures
        """,
    )
}
"""Words that name no figure."""
