"""The benchmark's own parts: what the mock says, how talks are counted, what the page shows."""

import json
import os
import subprocess
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

import bench
import borrowersim_peer
import catalogue
import figures
import floor
import measure
import mock_answers
import page
import shared
from borrowersim.acts import BorrowerAct
from borrowersim.intent import Intent
from borrowersim.models.base import DEFAULT_ASK, Ask, Message, Reply
from borrowersim.persona import persona_named
from borrowersim.phrasebook import phrasebook_of
from borrowersim.talk import Speaker, Talk
from borrowersim.voices.book import PhrasebookVoice
from borrowersim.voices.chat import ChatAsking
from borrowersim_evals.answer import answer_schema, parsed
from borrowersim_evals.planning import plan
from borrowersim_evals.runner import play_one
from borrowersim_evals.suite import suite_named
from borrowersim_evals.verdict import Score

SUITES = Path(bench.__file__).parent / "suites"
MARIA = persona_named("us-maria-delgado")
NOTE = "Collector: Hello?\n[Note: asks who is calling. For example: Who is this? / Do I know you?]"


def said(content: str, role: str = "user") -> list[dict[str, Any]]:
    return [{"role": "system", "content": "rules"}, {"role": role, "content": content}]


class Listening:
    """A chat model that keeps what it was asked."""

    name = "openai/user"

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    async def reply(self, messages: Sequence[Message], ask: Ask = DEFAULT_ASK) -> Reply:
        self.asked = [{"role": message.role, "content": message.content} for message in messages]
        return Reply(text="Who is this?")


class TestMockAnswers:
    def test_a_name_tells_the_role(self) -> None:
        assert [mock_answers.role_of(name) for name in ("judge", "user", "agent", "gpt")] == [
            "judge",
            "user",
            "agent",
            "agent",
        ]

    def test_the_first_example_is_taken_up(self) -> None:
        assert mock_answers.answer({"model": "user", "messages": said(NOTE)}) == ("Who is this?", None)

    def test_the_fixed_mock_takes_up_none(self) -> None:
        content, _ = mock_answers.answer({"model": "user", "messages": said(NOTE)}, fixed=True)
        assert content == f"{mock_answers.REPLY['user']} (2)"

    def test_only_a_simulated_user_takes_up_examples(self) -> None:
        content, _ = mock_answers.answer({"model": "agent", "messages": said(NOTE)})
        assert content == f"{mock_answers.REPLY['agent']} (2)"

    @pytest.mark.anyio
    async def test_the_voice_asks_in_the_form_that_the_mock_looks_for(self) -> None:
        listening = Listening()
        talk = Talk(id="t", language=MARIA.language, jurisdiction=MARIA.jurisdiction)
        intent = Intent(BorrowerAct.ASKS_WHO, MARIA, {}, frozenset())
        await ChatAsking(listening).candidates(intent, talk.said(Speaker.AGENT, "Hello?"), Random(1))  # type: ignore[arg-type]
        lines = phrasebook_of(MARIA.language).lines(BorrowerAct.ASKS_WHO, MARIA.manner, {})
        assert mock_answers.offered(listening.asked) in lines

    def test_our_judge_can_read_what_the_mock_judge_answers(self) -> None:
        form = {"type": "json_schema", "json_schema": {"schema": answer_schema([0, 2], ["us.threat"])}}
        content, _ = mock_answers.answer({"model": "judge", "messages": said("?"), "response_format": form})
        assert content is not None
        assert parsed(content).turns[0] == {"turn": 0, "seen": "ok", "respect": 1, "clarity": 1}

    def test_a_malformed_answer_breaks_off_halfway(self) -> None:
        body = {"model": "judge", "messages": said("Answer in JSON.")}
        whole, broken = (mock_answers.answer(body, malformed=bad)[0] for bad in (False, True))
        assert whole == json.dumps(mock_answers.LOOSE_JSON)
        assert broken == whole[: len(whole) // 2]

    def test_a_wanted_tool_is_called(self) -> None:
        schema = {"type": "object", "properties": {"score": {"type": "boolean"}, "why": {"type": "string"}}}
        tools = [{"type": "function", "function": {"name": "grade", "parameters": schema}}]
        body = {"model": "judge", "messages": said("?"), "tools": tools, "tool_choice": "required"}
        content, calls = mock_answers.answer(body)
        assert content is None
        assert calls is not None
        assert calls[0]["function"] == {"name": "grade", "arguments": '{"score": true, "why": "ok"}'}
        named = {"type": "function", "function": {"name": "grade"}}
        assert mock_answers.answer({**body, "tool_choice": named}) == (content, calls)

    def test_without_a_form_the_judge_says_it_in_words(self) -> None:
        assert mock_answers.answer({"model": "judge", "messages": said("?")})[0] == mock_answers.JUDGE_TEXT
        assert mock_answers.answer({"model": "x", "messages": [], "response_format": {"type": "json_object"}})[
            0
        ] == json.dumps(mock_answers.LOOSE_JSON)

    @pytest.mark.parametrize(
        ("schema", "made"),
        [
            ({"enum": ["fail", "pass"]}, "pass"),
            ({"enum": ["low", "high"]}, "low"),
            ({"const": 3}, 3),
            ({"anyOf": [{"type": "integer", "maximum": 5}, {"type": "null"}]}, 5),
            ({"type": "array", "items": {"type": "boolean"}, "minItems": 2}, [True, True]),
            ({"$ref": "#/$defs/mark"}, 10),
            ({"type": ["null", "string"]}, None),
            ({"type": "string"}, "ok"),
        ],
    )
    def test_an_instance_fits_its_schema(self, schema: dict[str, Any], made: Any) -> None:
        root = {"$defs": {"mark": {"type": "number"}}}
        assert mock_answers.instance(schema, root, truth=True) == made

    def test_prompt_characters_are_counted_in_words_and_in_parts(self) -> None:
        parts = [{"type": "text", "text": "four"}, {"type": "image_url"}]
        assert mock_answers.prompt_chars([{"content": "three"}, {"content": parts}, {"content": None}]) == 9


class TestMockServer:
    """Over a real connection, one fault at a time."""

    def test_a_service_that_limits_says_how_long(self) -> None:
        with measure.mock("--latency-ms", 1, "--jitter-ms", 0, "--rate-limit", 1) as url:
            with pytest.raises(HTTPError) as refused:
                posted(url)
            assert (refused.value.code, refused.value.headers["retry-after"]) == (429, "1")
            refused.value.close()
            counts = measure.ask(f"{url}/stats")
            assert counts["answered"]["agent"] == 0
            assert counts["by_outcome"] == {"ok": 0, "429": 1, "500": 0, "malformed": 0, "reset": 0}
            measure.ask(f"{url}/reset", "POST")
            assert measure.ask(f"{url}/stats")["requests"] == 0

    def test_a_service_that_breaks(self) -> None:
        with measure.mock("--latency-ms", 1, "--error", 1) as url, pytest.raises(HTTPError) as broken:
            posted(url)
        assert broken.value.code == 500
        broken.value.close()

    def test_a_connection_that_is_reset(self) -> None:
        with measure.mock("--latency-ms", 1, "--reset", 1) as url, pytest.raises(ConnectionError):
            posted(url)

    def test_only_the_judge_talks_nonsense(self) -> None:
        with measure.mock("--latency-ms", 1, "--malformed", 1) as url:
            whole = mock_answers.answer({"model": "user", "messages": said(NOTE)})[0]
            assert posted(url, "user")["choices"][0]["message"]["content"] == whole
            broken = posted(url, "judge")["choices"][0]["message"]["content"]
        assert broken == mock_answers.JUDGE_TEXT[: len(mock_answers.JUDGE_TEXT) // 2]

    def test_an_unknown_path_is_refused(self) -> None:
        with measure.mock() as url, pytest.raises(HTTPError) as refused:
            measure.ask(f"{url}/elsewhere")
        assert refused.value.code == 404
        refused.value.close()


def posted(url: str, model: str = "agent") -> Any:
    body = json.dumps({"model": model, "messages": said(NOTE)}).encode()
    with urlopen(Request(f"{url}/v1/chat/completions", body), timeout=10) as answered:
        return json.load(answered)


class TestFloor:
    @pytest.mark.anyio
    async def test_the_bare_loop_does_the_whole_work(self) -> None:
        asked: list[str] = []

        async def ask(model: str, messages: list[dict[str, str]], **extra: Any) -> Any:
            asked.append(model)
            return mock_answers.answer({"model": model, "messages": messages, **extra})[0]

        rows = await floor.converse_all(ask, Namespace(n=2, concurrency=1))
        assert [shared.judged(row) for row in rows] == ["good", "good"]
        assert asked[:13] == ["user", "agent"] * 6 + ["judge"]

    @pytest.mark.anyio
    async def test_a_broken_answer_of_the_judge_loses_the_talk(self) -> None:
        async def ask(model: str, messages: list[dict[str, str]], **extra: Any) -> Any:
            body = {"model": model, "messages": messages, **extra}
            return mock_answers.answer(body, malformed=model == "judge")[0]

        row = await floor.converse(ask, 0)
        assert shared.judged(row) == "lost"
        assert row["error"].startswith("JSONDecodeError")


class TestTally:
    GOOD = shared.outcome(12, [True, True, True], record="a")

    @pytest.mark.parametrize(
        ("row", "verdict"),
        [
            (GOOD, "good"),
            (shared.outcome(10, [True, True, True]), "wrong"),
            (shared.outcome(12, [True, False, True]), "wrong"),
            (shared.outcome(12, [True, True]), "lost"),
            (shared.outcome(12, [True, None, True]), "lost"),
            (shared.outcome(12, [True, True, True], error=ValueError("x")), "lost"),
        ],
    )
    def test_a_talk_is_good_lost_or_wrong(self, row: shared.Outcome, verdict: str) -> None:
        assert shared.judged(row) == verdict

    def test_counts_errors_and_mean(self) -> None:
        rows = [self.GOOD, shared.outcome(4, [True] * 3), shared.outcome(error="boom"), shared.outcome(12)]
        found = shared.tally(rows)
        assert {name: found[name] for name in ("good", "lost", "wrong")} == {"good": 1, "lost": 2, "wrong": 1}
        assert found["errors"] == {"boom": 1, "missing verdict": 1}
        assert found["messages"] == 7

    def test_the_digest_knows_the_records_and_not_their_order(self) -> None:
        first, second = self.GOOD, shared.outcome(12, [True] * 3, record="b")
        digest = shared.tally([first, second])["digest"]
        assert shared.tally([second, first])["digest"] == digest
        assert shared.tally([first, first])["digest"] != digest

    def test_the_meter_writes_what_it_found(self, tmp_path: Path) -> None:
        meter = shared.Meter(tmp_path / "result.json")
        meter.stop()
        meter.write([self.GOOD], play_s=1.5)
        found = json.loads((tmp_path / "result.json").read_text("utf-8"))
        assert found["good"] == 1
        assert found["play_s"] == 1.5
        assert found["own_rss_mb"] > 1
        assert found["cpu_s"] >= 0


class TestOurs:
    OPTIONS = Namespace(resume=True, suite="talks", n=50, concurrency=8, workers=0, base_url="http://127.0.0.1:1/v1")

    def test_a_killed_run_is_resumed_and_a_new_one_begun(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        begun = borrowersim_peer.arguments(self.OPTIONS)
        assert begun[:2] == ["run", str(SUITES / "talks.yaml")]
        assert begun[begun.index("--agent") + 1] == "http://127.0.0.1:1/v1"
        assert {"openai/user", "openai/judge"} <= set(begun)
        (tmp_path / "results").mkdir()
        (tmp_path / "results" / "run.json").write_text("{}", "utf-8")
        assert borrowersim_peer.arguments(self.OPTIONS) == ["resume", "results"]

    def test_the_phrasebook_run_asks_no_service(self) -> None:
        begun = borrowersim_peer.arguments(Namespace(**{**vars(self.OPTIONS), "suite": "phrasebook"}))
        assert begun[-4:] == ["--voice", "phrasebook", "--judge", "rules"]
        assert "--agent" not in begun

    @pytest.mark.parametrize("name", borrowersim_peer.TALKS)
    def test_repeats_of_a_suite_hold_as_many_talks_as_are_drawn(self, name: str) -> None:
        suite = suite_named(str(SUITES / f"{name}.yaml"))
        assert len(plan(suite)) >= borrowersim_peer.TALKS[name]

    @pytest.mark.anyio
    async def test_borrowers_of_the_suite_stay_for_six_exchanges(self) -> None:
        suite = suite_named(str(SUITES / "talks.yaml"))
        assert suite.max_turns == shared.TURNS
        for planned in plan(suite)[::4]:
            case = await play_one(planned, Cast(), suite.max_turns)
            row = borrowersim_peer.of_case(case)
            assert (planned.id, row["messages"], row["verdicts"]) == (planned.id, 12, [True, True, True])

    @pytest.mark.anyio
    async def test_a_talk_that_nobody_judged_is_lost_and_seconds_are_no_result(self) -> None:
        case = await play_one(plan(suite_named(str(SUITES / "talks.yaml")))[0], Cast(), shared.TURNS)
        unheard = case.score.model_copy(update={"unscored": "judge: no answer"})
        assert shared.judged(borrowersim_peer.of_case(case.model_copy(update={"score": unheard}))) == "lost"
        slower = case.model_copy(update={"played": case.played.model_copy(update={"seconds": 99})})
        assert borrowersim_peer.of_case(slower) == borrowersim_peer.of_case(case)

    def test_the_time_of_playing_is_noted_even_when_it_fails(self) -> None:
        spent: list[float] = []
        assert borrowersim_peer.timed(spent, lambda word: word * 2)("a") == "aa"
        with pytest.raises(ZeroDivisionError):
            borrowersim_peer.timed(spent, lambda: 1 / 0)()
        assert len(spent) == 2


class MockAgent:
    """Says what the mock says."""

    name = "mock"

    async def speak(self, talk: Talk, last_act: BorrowerAct | None) -> str:
        return str(mock_answers.answer({"model": "agent", "messages": [{}] * (len(talk.turns) + 1)})[0])

    async def aclose(self) -> None:
        """Nothing to let go of."""


class Cast:
    """Mock agent, phrasebook, and a judge who decides everything."""

    voice = PhrasebookVoice()

    async def agent(self, name: str, case: object) -> MockAgent:
        return MockAgent()

    async def judge(self, talk: Talk) -> Score:
        decided = dict.fromkeys(("legal", "respect", "clarity"), "rules+judge")
        return Score(id=talk.id, legal=(), turns=(), respect=4, clarity=4, total=90, decided_by=decided)


def run_row(peer: str = "borrowersim", **more: Any) -> dict[str, Any]:
    mock = {
        "requests": 130,
        "prompt_tokens": 20_000,
        "max_concurrency": 5,
        "connections": 20,
        "answered": {"judge": 10},
    }
    row = {"peer": peer, "n": 10, "concurrency": 5, "note": "", "mock": mock, "processes": 1, "wall_s": 2.6}
    row |= {"latency_ms": 50}
    return (
        row | {"cpu_s": 0.5, "memory_mb": 99.6, "good": 10, "lost": 0, "wrong": 0, "errors": {}, "messages": 12} | more
    )


class TestPage:
    def test_ideal_wall_is_waves_times_calls_times_latency(self) -> None:
        assert page.ideal(200, 64, 13, 50) == pytest.approx(2.03125)
        assert page.ideal(10, 64, 13, 50) == pytest.approx(0.65)

    def test_a_line_of_speed(self) -> None:
        rows = [run_row(play_s=2.0), run_row(wall_s=2.8, play_s=2.1), run_row(wall_s=9.0, good=9)]
        assert page.speed_row("borrowersim", rows, 50) == [
            *["borrowersim", "2 of 3", "2.70", "2.60-2.80", "2.05", "3.7", "50.0", "100", "1"],
            *["13.0", "2000", "5", "2.00", "2.08", "2.08"],
        ]

    def test_a_peer_without_a_whole_run_says_why(self) -> None:
        lost, stopped = run_row(good=3), run_row(note="stopped after 5 s")
        assert page.speed_row("x", [lost], 50)[:3] == ["x", "0 of 1", "good 3 of 10"]
        assert page.speed_row("x", [stopped], 50)[:3] == ["x", "0 of 1", "stopped after 5 s"]
        assert len(page.speed_row("x", [lost], 50)) == len(page.SPEED_HEAD)

    def test_speed_has_a_table_for_each_size_and_says_our_turns(self) -> None:
        text = page.speed([run_row(messages=11.5), run_row("openevals"), run_row(n=20, good=20)])
        assert text.count("### N = ") == 2
        assert "### N = 10, concurrency 5 (ideal wall 1.30 s)" in text
        assert "11.50 of 12" in text
        assert text.index("| borrowersim |") < text.index("| openevals |")

    def test_errors_cannot_break_the_table(self) -> None:
        row = run_row(errors={"a|b\nc": 3, "d": 2, "e": 1})
        assert page.errors(row) == "3x a/b c; 2x d"
        assert "| borrowersim | 10 | 10 | 0 | 0 | 130 | 2.6 |  | 3x a/b c; 2x d |" in page.faults([row])

    def test_a_run_that_was_stopped_has_no_counts(self) -> None:
        row = {
            k: v for k, v in run_row(note="stopped after 5 s").items() if k not in ("wall_s", "good", "lost", "wrong")
        }
        assert "| borrowersim | 10 | - | - | - | 130 | - | stopped after 5 s |  |" in page.faults([row])

    def test_a_resumed_run(self) -> None:
        row = run_row(full_requests=260, killed_at=105, judged_before=4.0, repeated=0, same=True)
        assert "| borrowersim | 10 | 260 | 105 | 4 | 130 | 50% | 0 | 10 | yes |" in page.resumed([row])

    def test_figures_of_the_product_alone(self) -> None:
        run = run_row(play_s=1.0, report_mb=2.25)
        text = page.alone({"help_s": 0.311, "python_s": 0.02, "phrasebook": run})
        assert "| `borrowersim --help`, process start to end | 0.31 s |" in text
        assert "| processor time of it | 50.0 ms/talk |" in text
        assert "phrasebook suite" not in page.alone({"help_s": 1, "python_s": 1, "phrasebook": {"note": "exit 2"}})

    def test_the_page_leaves_out_what_was_not_measured(self) -> None:
        speed = {"text": "Measured on two cores.", "versions": {"borrowersim": "openai 3"}}
        later = {"text": "Measured on four cores.", "versions": {"openevals": "openevals 1"}}
        told = {"speed": speed, "faults": later, "resume": later, "figures": later}
        text = page.page({"speed": [run_row()]}, told)
        assert "Measured on two cores." in text
        assert "Measured on four cores." not in text
        assert "borrowersim: openai 3." in text
        assert "## Speed" in text
        assert "## Faults" not in text
        rest = {"faults": [run_row()], "resume": [], "figures": [{"help_s": 1, "python_s": 1, "phrasebook": {}}]}
        assert [line for line in page.page(rest, told).splitlines() if line.startswith("## ")] == [
            "## Faults",
            "## The product alone",
        ]


class TestMeasure:
    def test_sizes_are_written_with_a_slash(self) -> None:
        assert measure.Size.parsed("50/8") == measure.Size(50, 8)
        assert measure.Size.parsed("50") == measure.Size(50, 64)
        with pytest.raises(ValueError, match="x"):
            measure.Size.parsed("x/8")

    def test_talks_judged_twice_are_repeated(self) -> None:
        full = {"answered": {"judge": 180}}  # three calls a talk, 60 talks
        killed = {"answered": {"judge": 72}}
        assert measure.finished(killed, full, 60) == 24
        assert measure.repeated(killed, full, full, 60) == 24
        assert measure.repeated(killed, {"answered": {"judge": 108}}, full, 60) == 0

    @pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="no /proc here")
    def test_children_and_their_memory_are_found(self) -> None:
        memory = measure.Memory(os.getpid())
        with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
            try:
                assert child.pid in measure.descendants(os.getpid())
                memory.look()
            finally:
                child.kill()
        assert memory.peak > 1
        assert memory.most >= 1
        assert measure.pss_of(child.pid) == 0

    def test_a_run_killed_on_its_way_ends_with_the_same_results(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(measure, "HOME", tmp_path)
        with measure.mock("--latency-ms", 20, "--jitter-ms", 0) as url:
            row = measure.killed_and_resumed("borrowersim", url, measure.Size(4, 1), 60)
        assert (row["note"], row["good"], row["messages"]) == ("", 4, 12)
        assert (row["full_requests"], row["same"]) == (4 * 13, True)
        assert row["mock"]["requests"] < row["full_requests"]
        assert row["repeated"] == 0

    def test_a_peer_that_fails_or_hangs_is_a_row_with_a_note(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(measure, "HOME", tmp_path)
        with measure.mock("--latency-ms", 1) as url:
            wrong = ["--suite", "none"]
            assert measure.measured("borrowersim", url, measure.Size(1, 1), 60, more=wrong)["note"] == "exit 2"
            assert "invalid choice" in capsys.readouterr().err
            row = measure.measured("borrowersim", url, measure.Size(1, 1), 0.01)
        assert row["note"] == "stopped after 0.01 s"

    def test_a_mock_that_does_not_start_says_what_it_needs(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(measure, "HERE", Path("/nowhere"))
        with pytest.raises(SystemExit, match="httptools"), measure.mock():
            pass


class TestBench:
    @pytest.fixture
    def home(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setattr(bench, "HOME", tmp_path)
        monkeypatch.setattr(bench, "ROWS", tmp_path / "rows")
        monkeypatch.setattr(bench, "PAGE", tmp_path / "benchmark.md")
        return tmp_path

    @pytest.fixture
    def asked(self, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, int]]:
        """No process starts; who would have run, where and how large."""
        calls: list[tuple[str, str, int]] = []

        def measured(name: str, url: str, size: measure.Size, limit: float, **_: Any) -> dict[str, Any]:
            calls.append((name, url, size.n))
            return run_row(name, n=size.n, good=size.n)

        monkeypatch.setattr(bench, "measured", measured)
        return calls

    def test_ours_only_needs_no_environment(self) -> None:
        options = bench.options_of(["speed", "--ours-only", "--sizes", "8/4"])
        assert options.peers == ["borrowersim", "borrowersim-worst"]
        assert options.sizes == [measure.Size(8, 4)]
        assert catalogue.missing(options.peers) == []

    def test_rounds_are_interleaved_and_the_worst_case_has_its_own_mock(
        self, home: Path, asked: list[tuple[str, str, int]]
    ) -> None:
        options = bench.options_of(["speed", "--ours-only", "--sizes", "8/4", "--rounds", "2"])
        bench.measure(options, ["speed"])
        assert [name for name, _, _ in asked] == ["borrowersim", "borrowersim-worst"] * 2
        assert asked[0][1] != asked[1][1]
        assert "| borrowersim-worst | 2 |" in (home / "benchmark.md").read_text("utf-8")

    def test_a_part_replaces_its_rows_unless_they_are_kept(self, home: Path, asked: list[tuple[str, str, int]]) -> None:
        options = bench.options_of(["faults", "--peers", "borrowersim", "--faulty", "6/2"])
        for keep, rows in ((False, 1), (False, 1), (True, 2)):
            options.keep = keep
            bench.measure(options, ["faults"])
            assert len(bench.kept("faults")) == rows
        assert asked[-1][2] == 6

    def test_figures_are_of_the_product_alone(
        self, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(
            figures, "measured", lambda name, *_, more: run_row(name, play_s=1.0, report_mb=1.0, more=more)
        )
        monkeypatch.setattr(figures, "seconds_of", lambda arguments, rounds: float(len(arguments)))
        bench.measure(bench.options_of(["figures", "--ours-only", "--talks", "10"]), ["figures"])
        (row,) = bench.kept("figures")
        assert (row["help_s"], row["python_s"]) == (3.0, 2.0)
        assert row["phrasebook"]["more"] == ["--suite", "phrasebook"]
        assert "help 3.00 s" in capsys.readouterr().out

    def test_a_report_of_nothing_says_how_to_begin(self, home: Path) -> None:
        with pytest.raises(SystemExit, match=r"begin with: python evals/bench/bench\.py"):
            bench.report(bench.options_of(["report"]))

    def test_the_command_line_measures_what_it_names(
        self, home: Path, asked: list[tuple[str, str, int]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        resumed = run_row(full_requests=260, killed_at=105, judged_before=4.0, repeated=0, same=True)
        monkeypatch.setattr(bench, "killed_and_resumed", lambda name, *_: resumed | {"peer": name})
        monkeypatch.setattr(sys, "argv", ["bench.py", "resume", "--peers", "borrowersim"])
        bench.main()
        assert "## Killed and resumed" in (home / "benchmark.md").read_text("utf-8")
        assert asked == []
        (home / "scratch").mkdir()
        monkeypatch.setattr(sys, "argv", ["bench.py", "clean"])
        bench.main()
        assert not (home / "scratch").exists()

    def test_clean_leaves_rows_and_environments(self, home: Path) -> None:
        for name in ("scratch", "rows"):
            (home / name).mkdir()
        bench.clean(bench.options_of(["clean"]))
        assert [path.name for path in home.iterdir()] == ["rows"]

    def test_a_missing_environment_is_made_once(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(catalogue, "HOME", home)
        made: list[str] = []
        installed: list[list[str]] = []
        monkeypatch.setattr(catalogue.venv, "create", lambda folder, with_pip: made.append(Path(folder).name))
        monkeypatch.setattr(catalogue.subprocess, "run", lambda command, check: installed.append(command[1:]))
        assert catalogue.missing(["borrowersim", "floor-openai"]) == ["floor-openai"]
        catalogue.set_up(["borrowersim", "floor-openai"])
        assert made == ["venv-floor"]
        assert installed == [["-m", "pip", "install", "-q", "openai"]]

    def test_a_peer_sees_no_key_and_the_product_comes_from_this_checkout(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", "a real one")
        monkeypatch.setenv("BORROWERSIM_STORE", "postgresql://elsewhere")
        seen = catalogue.environment(catalogue.PEERS["borrowersim"])
        assert seen["OPENAI_API_KEY"] == "mock"
        assert "BORROWERSIM_STORE" not in seen
        assert str(catalogue.ROOT / "sim") in seen["PYTHONPATH"]
        assert "PYTHONPATH" not in catalogue.environment(catalogue.PEERS["openevals"])

    def test_versions_are_asked_of_each_environment(self) -> None:
        assert catalogue.versions(["borrowersim"])["borrowersim"].startswith("borrowersim 0.")


def test_help_is_timed_as_a_process_of_its_own() -> None:
    assert figures.seconds_of(figures.NOTHING, 1) > 0
    with pytest.raises(subprocess.CalledProcessError):
        figures.seconds_of(("-c", "raise SystemExit(3)"), 1)
