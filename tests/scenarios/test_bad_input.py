"""Bad input: each gets a kind sentence, and nothing is lost."""

from __future__ import annotations

import pytest

from tests.scenarios.office import Office, elements, texts
from tests.scenarios.talking import (
    asked,
    at_the_review,
    goes_to,
    past_the_outcome,
    refusals,
    until,
    values,
)


@pytest.mark.parametrize("words", [":wave:", "👍👍👍", "   .  "])
def test_words_without_words_are_answered_kindly(office: Office, words: str) -> None:
    zoe = office.person("zoe").says(words)
    zoe.reads("use case")


def test_an_emoji_is_no_answer_and_the_question_stays(office: Office) -> None:
    dana = goes_to(past_the_outcome(office), "data_owner")
    dana.says(":thumbsup:")
    dana.reads("no words")
    assert asked(dana)["asking"] == "data_owner"


def test_forty_thousand_characters_as_an_idea_keep_the_draft_and_every_limit(office: Office) -> None:
    words = "we copy invoices by hand, could AI read them? " + "really long story. " * 2100
    dana = office.person("dana").says(words[:39_900])
    dana.reads("get measurably better")
    kept = values(asked(dana))["problem"]
    assert kept.startswith("we copy invoices by hand")
    assert not [
        c for c in office.get("/sandbox/calls")["calls"] if c["error"] in ("msg_too_long", "invalid_blocks")
    ]


def test_forty_thousand_characters_as_an_answer_get_a_kind_correction(office: Office) -> None:
    dana = goes_to(past_the_outcome(office), "audience_users")
    dana.says("claims agents " * 2800)
    dana.reads("nothing is lost")
    assert asked(dana)["asking"] == "audience_users"


@pytest.mark.parametrize(
    "shout", ["<!channel>", "<!here>", "<!everyone>", "<!subteam^S0RISKPARTNERS>", "<@U0RUTH>"]
)
def test_a_mention_inside_text_never_pings(office: Office, shout: str) -> None:
    before = len(office.get("/sandbox/notifications")["notifications"])
    dana = office.person("dana").says(
        f"{shout} we retype letters, could AI do it? {shout} 9 people", raw=True
    )
    dana.reads("get measurably better")
    dana.says("what do I have so far?")
    dana.reads("What I have so far")
    bot = office.get("/sandbox/workspace")["app"]["bot_user_id"]
    live = ("mention", "usergroup", "channel", "here", "everyone")
    new = office.get("/sandbox/notifications")["notifications"][before:]
    assert not [n for n in new if n["by"] == bot and n["kind"] in live]


def test_someone_who_left_is_not_taken_for_an_owner(office: Office) -> None:
    dana = goes_to(past_the_outcome(office), "data_owner")
    dana.says("<@U0GERALD>")
    dana.reads("Gerald Finch")
    assert "data_owner" not in values(asked(dana))


def test_an_unknown_person_is_not_taken_for_an_owner(office: Office) -> None:
    dana = goes_to(past_the_outcome(office), "data_owner")
    dana.says("<@U0NOBODY>", raw=True)
    until(lambda: any("For example" in texts(m) for m in dana.messages()), "a correction with an example")
    assert "data_owner" not in values(asked(dana))


def test_a_form_of_a_draft_that_is_gone_changes_nothing(office: Office) -> None:
    dana = at_the_review(office)
    dana.clicks("Change Personal data")
    dana.says("cancel")
    dana.reads("Shall I put")
    dana.says("yes")
    dana.reads("I have put")
    assert dana.submits({"q|personal_data": "no"})["ok"]
    dana.reads("earlier question")
    assert asked(dana)["status"] == "gone"


def test_an_old_button_is_told_so_and_changes_nothing(office: Office) -> None:
    dana = goes_to(past_the_outcome(office), "data_sensitivity")
    message = dana.reads("most sensitive part")
    block, element = next((b, e) for b, e in elements(message) if e["action_id"] == "walk.answer/public")
    dana.says("confidential")
    until(lambda: asked(dana)["asking"] != "data_sensitivity", "the answer is taken")
    forged(office, dana.id, message, block, element["action_id"], "public")
    until(lambda: values(asked(dana))["data_sensitivity"] == "confidential", "nothing has changed")
    assert any(r["action"] == "old_button" or "old_button" in r["action"] for r in refusals(office))


def test_another_persons_click_on_a_draft_is_refused_and_on_record(office: Office) -> None:
    dana = goes_to(past_the_outcome(office), "data_sensitivity")
    message = dana.reads("most sensitive part")
    block, element = next((b, e) for b, e in elements(message) if e["action_id"] == "walk.answer/public")
    forged(office, "U0MO", message, block, element["action_id"], "public")
    until(lambda: any(r["actor"] == "U0MO" for r in refusals(office)), "the attempt is on record")
    assert asked(dana)["asking"] == "data_sensitivity"


def test_submitting_twice_submits_once(office: Office) -> None:
    dana = at_the_review(office)
    message = dana.reads("The way ahead")
    block, element = next((b, e) for b, e in elements(message) if e["action_id"] == "walk.submit")
    use_case = asked(dana)["about"]
    for _ in range(3):
        forged(office, dana.id, message, block, "walk.submit", element["value"])
    dana.reads("is submitted as")
    with office.bot.service.store.read() as reading:
        assert len(reading.approvals_of(use_case)) == 1


def forged(
    office: Office, user: str, message: dict[str, object], block: str, action: str, value: str
) -> None:
    """A click as Slack would sign it, on a button that this person does not have before them."""
    import hashlib
    import hmac
    import json
    import time
    import urllib.parse
    import urllib.request

    from tests.scenarios.conftest import SECRET

    payload = {
        "type": "block_actions",
        "user": {"id": user, "team_id": "T0NORTHWIND"},
        "team": {"id": "T0NORTHWIND", "domain": "northwind"},
        "api_app_id": "A0PREFLIGHT",
        "token": "x",
        "trigger_id": "1.2.3",
        "container": {"type": "message", "message_ts": message["ts"], "channel_id": "D0FORGED"},
        "channel": {"id": "D0FORGED"},
        "message": message,
        "actions": [
            {
                "type": "button",
                "block_id": block,
                "action_id": action,
                "value": value,
                "action_ts": str(time.time()),
            }
        ],
    }
    body = urllib.parse.urlencode({"payload": json.dumps(payload)}).encode()
    stamp = str(int(time.time()))
    signed = hmac.new(SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256)
    port = office.bot.server.config.port
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/slack/events",
        data=body,
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": "v0=" + signed.hexdigest(),
        },
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 200
