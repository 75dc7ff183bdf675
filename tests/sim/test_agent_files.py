"""Definition files of agents, and the conditions of scripts."""

from pathlib import Path
from typing import Any

import pytest

from borrowersim import Speaker, Talk, UsageError, persona_named
from borrowersim.acts import BorrowerAct
from borrowersim.agents.definition import (
    DEFAULT_BODY,
    HttpDefinition,
    LlmDefinition,
    OpenAIDefinition,
    PythonDefinition,
    RunnableDefinition,
    read_definition,
)
from borrowersim.agents.model import instructions
from borrowersim.agents.reactions import When, holds
from borrowersim.agents.scripted import AgentScript, ScriptedAgent, scripts_dir
from borrowersim.briefing import briefing
from borrowersim.prompts import Prompt

MARIA = persona_named("us-maria-delgado")
TALK = Talk(id="t-1", language=MARIA.language, jurisdiction=MARIA.jurisdiction)


def written(folder: Path, text: str) -> Path:
    path = folder / "agent.yaml"
    path.write_text(text, "utf-8")
    return path


def test_two_lines_are_enough(tmp_path: Path) -> None:
    read = read_definition(written(tmp_path, "url: http://localhost:8000/chat\nreply: answer.text\n"))
    assert isinstance(read, HttpDefinition)
    assert read.body == DEFAULT_BODY
    assert (read.method, read.timeout, read.tries) == ("POST", 60, 3)


@pytest.mark.parametrize("path", sorted(scripts_dir().glob("*.yaml")), ids=lambda path: path.stem)
def test_scripts_need_no_kind(path: Path) -> None:
    assert isinstance(read_definition(path), AgentScript)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("kind: openai\nurl: http://localhost/v1\nkey: MY_KEY\nbriefing: true\n", OpenAIDefinition),
        ("kind: llm\nmodel: openai/x\n", LlmDefinition),
        ("kind: python\ncall: m:f\ntimeout: 5\n", PythonDefinition),
        ("kind: runnable\ncall: m:graph\ninput: state\n", RunnableDefinition),
        ("kind: script\nid: x\nabout: y\nparts: {en: {lines: [Hello.]}}\n", AgentScript),
    ],
)
def test_kinds(tmp_path: Path, text: str, kind: type) -> None:
    assert isinstance(read_definition(written(tmp_path, text)), kind)


def test_paths_in_a_file_start_at_its_folder(tmp_path: Path) -> None:
    llm = read_definition(written(tmp_path, "kind: llm\nprompt: my/prompt.md\n"))
    assert isinstance(llm, LlmDefinition)
    assert llm.prompt == str(tmp_path / "my/prompt.md")
    python = read_definition(written(tmp_path, "kind: python\ncall: bot.py:reply\n"))
    assert isinstance(python, PythonDefinition)
    assert python.call == f"{tmp_path / 'bot.py'}:reply"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("reply: x\n", r"agent\.yaml: `kind` is missing; write kind: and one of: http, openai"),
        ("\nkind: htpp\n", r"agent\.yaml:2: there is no kind 'htpp'"),
        ("url: localhost:80/x\n", r"agent\.yaml:1: url: .*is not an address"),
        ("url: http://u:p@h/x\n", r"holds no user name or password"),
        ("url: http://h/{mesage}\n", r"agent\.yaml:1: url: .*nothing is known for \{mesage\}; slots are \{conv"),
        (
            "url: http://h/\nbody:\n  a: '{case.blance}'\n",
            r"agent\.yaml:3: body: .*nothing is known for \{case\.blance\}",
        ),
        ("url: http://h/\nbody: '{\"a\": '\n", r"agent\.yaml:2: body: .*not valid JSON \(line 1, column 7\)"),
        ("url: http://h/\nreplay: x\n", r"agent\.yaml:2: replay: Extra inputs are not permitted"),
        ("url: http://h/\nstart: {}\n", r"start\.url: Field required"),
        ("url: http://h/\ntimeout: 0\n", r"agent\.yaml:2: timeout: Input should be greater than 0"),
        ("kind: openai\nurl: h\n", r"agent\.yaml:2: url:"),
        ("kind: openai\nurl: http://h/v1\nkey: sk-123\n", r"agent\.yaml:3: key: String should match pattern"),
        ("kind: openai\nurl: http://h/v1\nprompt: x\nbriefing: true\n", "give prompt or briefing, not both"),
        ("kind: runnable\ncall: x:y\ninput: text2\n", r"agent\.yaml:3: input: Input should be"),
    ],
)
def test_mistakes_name_the_file_and_the_line(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        read_definition(written(tmp_path, text))


def test_a_prompt_takes_what_it_asks_for_and_no_more() -> None:
    prompt = Prompt(id="mine", version=1, variables=("case", "name", "balance"), text="{{name}} {{balance}}\n{{case}}")
    filled = instructions(prompt, briefing(MARIA))
    assert filled.startswith("Ms Delgado $2,310")
    assert "Days overdue: 164" in filled
    wrong = Prompt(id="mine", version=1, variables=("weather",), text="{{weather}}")
    with pytest.raises(UsageError, match="prompt mine: an agent's prompt has no 'weather'; it may use: language"):
        instructions(wrong, briefing(MARIA))


def after(borrower: str, turns: int = 1, talk: Talk = TALK) -> Talk:
    for _ in range(turns - 1):
        talk = talk.said(Speaker.AGENT, "Hello.").said(Speaker.BORROWER, "Yes?")
    return talk.said(Speaker.AGENT, "Hello.").said(Speaker.BORROWER, borrower)


@pytest.mark.parametrize(
    ("when", "talk", "act", "result"),
    [
        ({"says": "lawyer|attorney"}, after("Talk to my Attorney!"), None, True),
        ({"says": "lawyer"}, after("No."), None, False),
        ({"says": r"\bno\b"}, after("Not now."), None, False),
        ({"says": "don't"}, after("I don’t know."), None, True),
        ({"says": "律師"}, after("找我的律师谈。"), None, True),
        ({"says": "."}, TALK, None, False),
        ({"act": "disputes"}, after("x"), BorrowerAct.DISPUTES, True),
        ({"act": ["disputes", "denies"]}, after("x"), BorrowerAct.DENIES, True),
        ({"act": "disputes"}, after("x"), None, False),
        ({"turn_at_least": 3}, after("x", 2), None, True),
        ({"turn_at_least": 3}, after("x", 1), None, False),
        ({"amount_named": True}, after("I could do $50 a month."), None, True),
        ({"amount_named": True}, after("I could do a little."), None, False),
        ({"amount_named": False}, after("I could do a little."), None, True),
        ({"says": "month", "amount_named": True, "act": "bargains"}, after("$50 a month"), BorrowerAct.STALLS, False),
    ],
)
def test_conditions(when: dict[str, Any], talk: Talk, act: BorrowerAct | None, result: bool) -> None:
    assert holds(When.model_validate(when), talk, act) is result


@pytest.mark.parametrize(
    ("when", "says"),
    [({}, "give at least one of"), ({"says": "("}, "not a regular expression"), ({"act": "sings"}, "Input should be")],
)
def test_wrong_conditions_are_refused(when: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        When.model_validate(when)


@pytest.mark.anyio
async def test_a_script_reacts_first_then_replies_then_goes_on(tmp_path: Path) -> None:
    text = """
id: reacting
about: Reacts.
parts:
  en:
    lines: [One., Two., Three.]
    replies:
      stalls: [Take your time.]
    reactions:
    - when: {says: lawyer, turn_at_least: 2}
      say: ["Who is your lawyer, {name}?", "Goodbye."]
      ends: true
    - when: {amount_named: true}
      say: ["{proposal} works."]
"""
    script = read_definition(written(tmp_path, text))
    assert isinstance(script, AgentScript)
    agent = ScriptedAgent(script, briefing(MARIA))
    said = [
        await agent.speak(TALK, None),
        await agent.speak(after("My lawyer says no."), BorrowerAct.STALLS),
        await agent.speak(after("Later."), BorrowerAct.STALLS),
        await agent.speak(after("I could do $50 a month."), BorrowerAct.BARGAINS),
        await agent.speak(after("I could do $50 a month."), BorrowerAct.BARGAINS),
        await agent.speak(after("Ask my lawyer."), None),
        await agent.speak(after("x"), None),
    ]
    assert said == [
        "One.",
        "Who is your lawyer, Ms Delgado?",
        "Take your time.",
        "$50 a month works.",
        "Two.",
        "Goodbye.",
        None,
    ]
