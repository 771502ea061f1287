"""What is a command, what changes another answer, and what is an answer, though it sounds like either."""

from __future__ import annotations

import pytest

from storage.program_folder import default_program_folder, read_program
from workflows.hearing import asks, sentences
from workflows.words.commands import confirms, read_command
from workflows.words.naming import read_change, remade, retracted

INTAKE = read_program(default_program_folder()).intake

SAID = {
    "back": ["back", "go back", "previous "
                                "question", "one back "
                                    "please", "can we go back?", "oops, go back", "take me back",
             "the previous one", "Step back", "back to the last question", "undo that"],
    "skip": ["skip", "skip this "
                     "one", "pass", "next question", "I'd rather not "
                         "say", "leave it blank", "move on", "skip it please"],
    "show": ["show what I "
             "have", "show me my "
                     "answers", "what do you have so far?", "summary", "recap", "show me everything",
             "what have I said so far", "where are we?", "show me the draft"],
    "save": ["save", "save for "
                     "later", "later", "stop", "let's continue "
                         "tomorrow", "I'll finish this later", "not now", "pause",
             "that's enough for "
             "today", "I have to go", "stop here", "come back later", "save it and exit", "quit"],
    "resume": ["continue", "resume", "go on", "let's go "
        "on", "I'm back", "where were we?", "carry on", "pick up where we left off"],
    "cancel": ["cancel", "cancel "
                         "this", "delete the draft", "forget it", "never mind", "throw it away", "abort",
               "I don't want this anymore", "cancel the use case", "discard", "scrap it"],
    "help": ["help", "help me", "what can I "
                                "say?", "I'm stuck", "I don't understand the question", "what do you mean?",
             "how does this "
             "work", "huh?", "can you explain that", "what does that mean", "give me an example"],
    "why": ["why?", "why do you "
                    "ask?", "why do you need to know "
                            "that", "what for?", "why is that important", "what's the point",
            "why do you ask that?"],
    "submit": ["submit", "submit "
                         "it", "send it "
                               "in", "hand it in", "please submit", "let's submit it", "ready to submit"],
    "form": ["give me the "
             "form", "form", "can I have a form?", "as a form please", "I'd prefer a form", "all at once",
             "is there a form for this?"],
    "where": ["where is my use "
              "case?", "status", "how many questions are "
                                 "left?", "how long does it take?", "are we done yet?"],
    "keep": ["keep it", "that's right", "leave it as it is", "no change", "as is", "it's fine", "looks good"],
    "dont_know": ["I don't "
                  "know", "no idea", "dunno", "not sure "
                      "yet", "tbd", "idk", "no clue", "not decided yet", "hard to say",
                  "I have to ask somebody first", "we don't know yet"],
    "nod": ["thanks", "thank you very "
                      "much", "ok", "got it", "I see", "great", "cool, thanks", "hi", "let me think",
            "one moment", "hmm", "good point", "alright"],
}  # fmt: skip


@pytest.mark.parametrize(("wanted", "text"), [(w, t) for w, texts in SAID.items() for t in texts])
def test_a_command_is_understood_in_many_wordings(wanted: str, text: str) -> None:
    assert read_command(text) == wanted


ANSWERS = [
    "go back to manual "
    "replies", "stop the mailing", "stop it for that team", "pause the pilot and call the vendor",
    "cancel the "
    "subscription", "skip the summary when the call is short", "summary of claims calls", "help desk agents",
    "save time on "
    "letters", "saving 20 minutes per "
               "case", "next March", "end of next quarter", "tomorrow", "later this year",
    "the previous "
    "system", "back office", "the back office team", "show customers the status of their claim", "me", "Lee",
    "about 40", "9", "5 minutes", "none of "
                                  "them", "yes", "no", "nope", "internal", "confidential", "it drafts and "
                                      "people decide",
    "we review every "
    "answer", "form letters", "the claims form", "submit claims faster", "submitted claims per day",
    "helpful "
    "answers", "why customers "
               "leave", "explain decisions to customers", "cancel rate", "continue with the old process",
    "resume "
    "screening", "resumes and cover "
                 "letters", "never decide on injuries", "never reject a claim", "keep complaints below 5%",
    "keep a person in the "
    "loop", "status updates for customers", "where the customer lives", "pass the call to a person",
    "thanking "
    "customers", "good quality of service", "the great majority of agents", "waiting time", "hold on time",
    "delete personal data after 30 "
    "days", "forget customers who left", "undo the booking", "leave requests", "exit interviews",
    "the second "
    "one", "all of "
           "them", "everything except "
                   "mail", "recordings and the claims system", "right to be forgotten requests",
]  # fmt: skip


@pytest.mark.parametrize("text", ANSWERS)
def test_an_answer_is_never_taken_for_a_command(text: str) -> None:
    assert read_command(text) is None


@pytest.mark.parametrize(
    "text", ["looks good", "yes", "that's it", "all good, submit", "done", "go ahead", "perfect"]
)
def test_on_the_review_assent_means_submit(text: str) -> None:
    assert read_command(text, reviewing=True) == "submit"


def test_are_you_sure_is_answered_with_any_yes() -> None:
    assert all(confirms(t) for t in ("yes", "Yes, cancel it", "do it", "sure", "please do", "yep"))
    assert not any(confirms(t) for t in ("no", "wait", "yes but not now", "40 people"))


@pytest.mark.parametrize(
    ("text", "question", "value"),
    [
        ("make the owner @dana", "business_owner", "@dana"),
        ("actually the target is 6 minutes", "outcome_target", "6 minutes"),
        ("change the business owner to Lee", "business_owner", "Lee"),
        ("set buisness owner to mo", "business_owner", "mo"),
        ("please change the vendor: Contoso", "vendor", "Contoso"),
        ("I'd like to change the name to Claims notes", "name", "Claims notes"),
        ("sorry, the audience should be internal", "audience", "internal"),
        ("Lee owns the system", "data_owner", "Lee"),
        ("oh and the data owner is Lee", "data_owner", "Lee"),
        ("can you update the budget to 20k EUR", "budget", "20k EUR"),
        ("change the harm", "harm", ""),
        ("correct the number of users from 40 to 60", "users_expected", "60"),
    ],
)
def test_a_change_names_its_question_and_its_answer(text: str, question: str, value: str) -> None:
    change = read_change(text, INTAKE)
    assert change is not None
    assert (change.candidates[0].question, change.candidates[0].value) == (question, value)


@pytest.mark.parametrize(
    "text", ["recordings and the claims system", "about 40", "we change it by hand", "make calls shorter"]
)
def test_an_answer_is_not_taken_for_a_change(text: str) -> None:
    assert read_change(text, INTAKE) is None


def test_what_puts_something_right_is_found() -> None:
    assert retracted("no wait, 60 users") == "60 users"
    assert retracted("sorry, I meant Lee") == "Lee"
    assert retracted("about 60") == ""
    assert retracted("no customer is told by a machine alone") == ""
    assert retracted("no, sixty") == "sixty"
    assert retracted("No Lee") == "Lee"
    assert remade("no, make it 60") == "60"
    assert remade("make calls shorter") == ""


def test_a_message_falls_into_answer_and_question() -> None:
    said = sentences("recordings and the claims system. wait, does a recording count as personal data?")
    assert said == ["recordings and the claims system.", "wait, does a recording count as personal data?"]
    assert [asks(s) for s in said] == [False, True]
    assert sentences("recordings, does that count as personal data?") == [
        "recordings",
        "does that count as personal data?",
    ]
    assert sentences("e.g. letters. And mails") == ["e.g. letters.", "And mails"]


@pytest.mark.parametrize(
    "text",
    [
        "what counts as personal data?",
        "wait, who decides that?",
        "is that allowed",
        "does a recording count as personal data",
    ],
)
def test_a_question_is_recognised(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize(
    "text", ["maybe 40?", "the second one?", "internal?", "what we use today is the claims system", "Claims"]
)
def test_an_unsure_answer_is_no_question(text: str) -> None:
    assert not asks(text, strictly=True)
