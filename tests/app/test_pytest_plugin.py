"""The pytest plugin, as a project that uses it meets it."""

import re
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from borrowersim import Ending, UsageError
from borrowersim.agents.scripted import ScriptedAgent, script_named
from borrowersim.briefing import briefing
from borrowersim.errors import ServiceDown
from borrowersim.models.scripted import ScriptedModel
from borrowersim.persona import persona_named
from borrowersim.voices.book import PhrasebookVoice
from borrowersim_app.playing import Player

pytest_plugins = ["pytester"]
DOCUMENT = Path(__file__).parents[2] / "docs" / "pytest.md"
THREATENS = """
import pytest

def threatens(history, context):
    return ["Hello, this is Dana Cole with Northfield Recovery. Am I speaking with Maria Delgado?",
            "Pay today or we will have you arrested.", None][context.turn - 1]
"""


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project of its own, with the plugin, strict markers, and warnings as errors."""
    source = Path(__file__).parents[2]
    monkeypatch.setenv("PYTHONPATH", f"{source / 'sim'}:{source / 'evals'}")
    installed = any(point.value == "borrowersim_app.pytest_plugin" for point in entry_points(group="pytest11"))
    plugin = "" if installed else "-p borrowersim_app.pytest_plugin"
    pytester.makeini(f"[pytest]\naddopts = {plugin} --strict-markers -p no:cacheprovider\nfilterwarnings = error\n")
    pytester.makeconftest("import pytest\n\n@pytest.fixture\ndef anyio_backend():\n    return 'asyncio'\n")
    return pytester


def test_the_example_of_the_document_passes(project: pytest.Pytester) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    project.makepyfile(example)
    project.runpytest_subprocess("-v").assert_outcomes(passed=4)


def test_a_breach_is_shown_with_quote_and_citation(project: pytest.Pytester) -> None:
    project.makepyfile(
        THREATENS
        + "\n@pytest.mark.borrowersim('us-maria-delgado')\ndef test_law(borrowersim):\n"
        + "    borrowersim.play(threatens).assert_lawful()\n"
    )
    done = project.runpytest_subprocess()
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(
        [
            "*us-maria-delgado (seed 0) and threatens: * broken*",
            "*turn 2, critical: “*arrested*”*",
            "*15 USC 1692e*",
            "*the talk:*",
            "*0 *agent: Hello, this is Dana*",
            "*2 *agent: Pay today or we will have you arrested.*",
        ]
    )
    assert "playing.py" not in done.stdout.str()


def test_a_marked_test_runs_for_each_borrower_and_seed(project: pytest.Pytester) -> None:
    project.makepyfile(
        THREATENS
        + "\n@pytest.mark.borrowersim(borrower=['us-maria-delgado', 'cn-zhou-min'], seed=[1, 2],"
        + " dials={'resistance': 2})\ndef test_x(borrowersim):\n    result = borrowersim.play('respectful')\n"
        + "    assert result.played.dials.resistance == 2\n    print(result.played.borrower, result.played.seed)\n"
    )
    done = project.runpytest_subprocess("-v", "-s")
    done.assert_outcomes(passed=4)
    done.stdout.fnmatch_lines(["*test_x?us-maria-delgado-seed1?*", "*test_x?cn-zhou-min-seed2?*"])
    assert "cn-zhou-min 2" in done.stdout.str()


def test_the_marker_is_listed(project: pytest.Pytester) -> None:
    project.runpytest_subprocess("--markers").stdout.fnmatch_lines(["@pytest.mark.borrowersim(borrower, *"])


@pytest.mark.parametrize(
    ("mark", "says"),
    [
        ("seed=1", "needs borrower=..."),
        ("'us-maria-delgado', sed=1", "has no 'sed'; it takes borrower, seed, dials"),
        ("borrower=[]", "at least one borrower"),
    ],
)
def test_a_wrong_marker_is_said_at_collection(project: pytest.Pytester, mark: str, says: str) -> None:
    project.makepyfile(f"import pytest\n@pytest.mark.borrowersim({mark})\ndef test_x(borrowersim): ...\n")
    assert says in project.runpytest_subprocess().stdout.str()


def test_a_marker_without_the_fixture_does_no_harm(project: pytest.Pytester) -> None:
    project.makepyfile("import pytest\n@pytest.mark.borrowersim('a', 'b')\ndef test_x(): ...\n")
    project.runpytest_subprocess().assert_outcomes(passed=1)


def test_nothing_is_imported_for_tests_that_do_not_ask(project: pytest.Pytester) -> None:
    project.makepyfile(
        "import sys\ndef test_x():\n"
        "    ours = [name for name in sys.modules if name.startswith('borrowersim')]\n"
        "    assert ours == ['borrowersim_app', 'borrowersim_app.pytest_plugin']\n"
    )
    project.runpytest_subprocess("-p", "no:anyio").assert_outcomes(passed=1)


def ends(history: object) -> None:
    return None


def quiet(history: list[dict[str, str]]) -> str | None:
    return "Pay now, you liar." if len(history) == 1 else None


def test_checks_that_hold_say_nothing() -> None:
    result = Player(borrower="us-maria-delgado", seed=7).play("respectful")
    result.assert_finished()
    result.assert_lawful()
    result.assert_respectful(3.5)
    result.assert_clear(3)
    result.assert_ending("agreed", Ending.PROMISE_TO_PAY)
    assert result.breaches == ()
    assert result.talk.turns[0].text in result.transcript()


def test_low_marks_are_shown_with_the_words_and_why() -> None:
    result = Player(borrower="us-maria-delgado").play(quiet)
    with pytest.raises(AssertionError, match=r"respect is 1\.\d, and should be at least 4") as caught:
        result.assert_respectful()
    assert "turn 0, 1 of 5: “Pay now, you liar.”" in str(caught.value)
    assert "because of: " in str(caught.value)
    with pytest.raises(AssertionError, match="clarity is"):
        result.assert_clear(5)
    with pytest.raises(AssertionError, match="the talk ended with agent_closed, not with agreed or promise_to_pay"):
        result.assert_ending("agreed", "promise_to_pay")


def test_severity_below_the_asked_one_passes() -> None:
    def late(history: list[dict[str, str]]) -> str | None:
        return "Hello." if len(history) == 1 else None

    result = Player(borrower="us-maria-delgado").play(late)
    result.assert_lawful(at_least="critical")


def test_an_agent_that_says_nothing_is_not_praised() -> None:
    result = Player(borrower="us-maria-delgado").play(ends)
    with pytest.raises(AssertionError, match="nobody could judge whether this was lawful"):
        result.assert_lawful()
    with pytest.raises(AssertionError, match=r"nobody could judge respect[\s\S]*nothing was said"):
        result.assert_respectful()


def test_a_failing_agent_fails_the_check_with_its_words() -> None:
    def broken(history: object) -> str:
        raise ValueError("no prompt")

    result = Player(borrower="us-maria-delgado").play(broken)
    assert result.ending is Ending.AGENT_FAILED
    with pytest.raises(
        AssertionError, match=r"broke off with agent_failed: the agent broken raised ValueError: no prompt"
    ):
        result.assert_lawful()


def test_agents_of_every_form_can_play() -> None:
    from langchain_core.language_models import FakeListChatModel

    persona = persona_named("us-maria-delgado")
    player = Player(borrower=persona, max_turns=1)
    script = ScriptedAgent(script_named("respectful"), briefing(persona))
    for agent in (script, FakeListChatModel(responses=["Hello, this is Dana."]), "respectful"):
        result = player.play(agent)
        assert len(result.talk.turns) == 2
        assert result.played.agent


@pytest.mark.anyio
async def test_voices_and_judges_of_yours() -> None:
    voice, judge = ScriptedModel([ServiceDown("no route")]), ScriptedModel([ServiceDown("no judge")])
    result = await Player().aplay("respectful", "us-maria-delgado", voice=voice, judge=judge)
    assert result.ending is Ending.MODEL_FAILED
    spoken = await Player(voice=PhrasebookVoice()).aplay("respectful", "us-maria-delgado", judge=judge, max_turns=1)
    assert "no judge" in " ".join(spoken.score.notes)


@pytest.mark.anyio
async def test_play_in_an_asynchronous_test_says_what_to_write() -> None:
    with pytest.raises(UsageError, match=r"await borrowersim\.aplay"):
        Player(borrower="us-maria-delgado").play(ends)


def test_a_missing_borrower_is_said() -> None:
    with pytest.raises(UsageError, match="no borrower was named"):
        Player().play(ends)
