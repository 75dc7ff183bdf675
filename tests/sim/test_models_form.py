"""What counts as an answer: JSON found in it, thought taken out of it; what a service was found not to know."""

import json
from typing import Any

import pytest

from borrowersim.errors import BadAnswer
from borrowersim.models.base import Ask, Message
from borrowersim.models.dialect import Dialect
from borrowersim.models.form import Thoughts, json_document, spoken


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1}',
        '  {"a": 1}\n',
        '```json\n{"a": 1}\n```',
        'Here it is:\n```\n{"a": 1}\n```\nAnything else?',
        'Sure! {"a": 1} Hope this helps.',
    ],
)
def test_json_is_found_in_its_wrappings(text: str) -> None:
    assert json.loads(json_document(text)) == {"a": 1}


@pytest.mark.parametrize("text", ["", "no", "5", '{"a": ', "} {", "[1, 2"])
def test_what_holds_no_json_is_a_bad_answer(text: str) -> None:
    with pytest.raises(BadAnswer, match="asked for JSON"):
        json_document(text)


@pytest.mark.parametrize(
    ("text", "speech"),
    [
        ("Hello.", "Hello."),
        ("<think>He wants money.</think>\n\nNo.", "No."),
        ("\n <think>a</think>b", "b"),
        ("<think>never ends", ""),
        ("<thin ice>", "<thin ice>"),
        ("<t", "<t"),
        ("I <think> so</think>", "I <think> so</think>"),
        ("", ""),
    ],
)
def test_thought_is_never_spoken(text: str, speech: str) -> None:
    assert spoken(text) == speech
    for size in (1, 2, 5):
        thoughts = Thoughts()
        pieces = [thoughts.feed(text[at : at + size]) for at in range(0, len(text), size)]
        assert "".join([*pieces, thoughts.rest()]) == speech


MESSAGES = [Message(role="system", content="Judge."), Message(role="user", content="This.")]
SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}}
ASK = Ask(json_schema=SCHEMA, seed=3, stop=("\n",), temperature=0.2)


def lesson(dialect: Dialect, words: str, param: str | None = None, **ask: Any) -> bool:
    return dialect.learn(words, param, dialect.body("m", MESSAGES, ASK.model_copy(update=ask)))


def test_a_request_carries_all_that_was_asked() -> None:
    assert Dialect().body("m", MESSAGES, ASK) == {
        "model": "m",
        "messages": [{"role": "system", "content": "Judge."}, {"role": "user", "content": "This."}],
        "max_tokens": 200,
        "temperature": 0.2,
        "seed": 3,
        "stop": ["\n"],
        "response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": SCHEMA, "strict": True}},
    }


def test_json_is_asked_for_in_ever_plainer_ways() -> None:
    dialect, forms = Dialect(), []
    for _ in range(3):
        assert lesson(dialect, "This response_format type is unavailable now")
        forms.append(dialect.form)
    body = dialect.body("m", MESSAGES, ASK)
    assert forms == ["schema", "object", "plain"]
    assert "response_format" not in body
    assert body["messages"][0] == {"role": "system", "content": "Judge."}
    assert body["messages"][1]["content"].startswith("This.\n\nAnswer with one JSON document")
    assert json.dumps(SCHEMA) in body["messages"][1]["content"]
    assert not lesson(dialect, "This response_format type is unavailable now"), "nothing is left to give up"


def test_parallel_refusals_of_one_form_step_down_once() -> None:
    dialect = Dialect()
    sent = dialect.body("m", MESSAGES, ASK)
    assert dialect.learn("unknown response_format", None, sent)
    assert dialect.learn("unknown response_format", None, sent)
    assert dialect.form == "schema"


def test_options_that_a_service_refuses_are_left_out() -> None:
    dialect = Dialect()
    assert lesson(dialect, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")
    assert lesson(dialect, "Unsupported value: does not support 0.2 with this model", param="temperature")
    assert lesson(dialect, "Unrecognized request argument supplied: seed")
    assert lesson(dialect, "'stop' is not supported with this model")
    body = dialect.body("m", MESSAGES, ASK)
    assert body["max_completion_tokens"] == 200
    assert body.keys() == {"model", "messages", "max_completion_tokens", "response_format"}


def test_other_refusals_teach_nothing() -> None:
    dialect = Dialect()
    assert not lesson(dialect, "This model's maximum context length is 8192 tokens; shorten the messages")
    assert not lesson(dialect, "max_tokens is too large; max_completion_tokens may be at most 100")
    assert not lesson(dialect, "the response was filtered because of its content")
    assert dialect.body("m", MESSAGES, ASK) == Dialect().body("m", MESSAGES, ASK)
