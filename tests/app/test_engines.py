"""Talks in this process, in several and on Ray; services that fail on the way."""

import json
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from aiohttp import web

from borrowersim.errors import BorrowerSimError, UsageError
from borrowersim_app.cast import cast_named
from borrowersim_app.cli.playing import job_of
from borrowersim_app.engines.here import HereEngine
from borrowersim_app.engines.job import Engine, Job
from borrowersim_app.engines.processes import ProcessEngine
from borrowersim_app.settings import Settings
from borrowersim_evals.breaker import Breaker, Halt, technical
from borrowersim_evals.case import Case
from borrowersim_evals.gates import run_outcome
from borrowersim_evals.planning import Planned
from borrowersim_evals.runner import Pace, play
from borrowersim_evals.store.rows import Row, row_of
from borrowersim_evals.store.store import Store
from borrowersim_evals.suite import Limits
from tests.evals.made import PLAN, run_file

pytestmark = pytest.mark.anyio
JOB = Job("phrasebook", "rules", Pace(concurrency=4, max_turns=4))
LINE = "I lost some hours at work, and I cannot pay all of it now."


class Taken:
    """Keeps rows; asks to stop after some, when told so."""

    def __init__(self, halt: Halt | None = None, stop_after: int = 10**9) -> None:
        self.rows: list[Row] = []
        self.stored: set[bool] = set()
        self._halt = halt
        self._stop_after = stop_after

    async def __call__(self, rows: Sequence[Row], *, stored: bool = False) -> None:
        self.rows += rows
        self.stored.add(stored)
        if self._halt and len(self.rows) >= self._stop_after:
            self._halt.ask("enough")


def plain(rows: Sequence[Row]) -> dict[str, Any]:
    """Return rows by id, all but how long the talk took."""
    found = {}
    for row in rows:
        talk = json.loads(row.talk)
        del talk["played"]["seconds"]
        found[row.id] = {**row.values(), "talk": talk}
    return found


async def played_by(engine: Engine, talks: Sequence[Planned] = PLAN, job: Job = JOB) -> list[Row]:
    taken = Taken()
    await engine.run(talks, job, taken, Halt())
    return taken.rows


def many(number: int) -> list[Planned]:
    return [p.model_copy(update={"id": f"{p.id}~{i}", "seed": i}) for i in range(number // len(PLAN)) for p in PLAN]


async def test_several_processes_give_what_one_gives() -> None:
    here, there = await played_by(HereEngine(Settings())), await played_by(ProcessEngine(2))
    assert plain(there) == plain(here)
    assert len(there) == len(PLAN)


async def test_more_processes_than_talks_are_not_started() -> None:
    assert len(await played_by(ProcessEngine(8), PLAN[:1])) == 1


async def test_processes_stop_when_asked_and_lose_nothing() -> None:
    halt = Halt()
    taken = Taken(halt, stop_after=5)
    await ProcessEngine(2).run(many(400), JOB, taken, halt)
    assert 5 <= len(taken.rows) < 400
    assert max(Counter(row.id for row in taken.rows).values()) == 1


async def test_an_error_in_a_worker_is_the_runs_error() -> None:
    wrong = [PLAN[0].model_copy(update={"agent": "nobody"})]
    for engine in (ProcessEngine(1), HereEngine(Settings())):
        with pytest.raises(UsageError, match="no agent script"):
            await played_by(engine, wrong)


async def test_redaction_happens_before_a_row_is_handed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    from borrowersim_app.engines import job as job_module

    monkeypatch.setattr(job_module, "redacted", lambda case: case.model_copy(update={"score": _noted(case).score}))
    rows = await played_by(HereEngine(Settings()), PLAN[:1], Job("phrasebook", "rules", JOB.pace, redact=True))
    assert json.loads(rows[0].talk)["score"]["notes"] == ["redacted"]


def _noted(case: Case) -> Case:
    return case.model_copy(update={"score": case.score.model_copy(update={"notes": ("redacted",)})})


def test_workers_share_rates_and_concurrency() -> None:
    job = Job("openai/m", "rules", Pace(concurrency=33), Limits(requests_per_minute=60, tokens_per_minute=None))
    part = job.shared_by(4)
    assert (part.pace.concurrency, part.limits.requests_per_minute, part.limits.tokens_per_minute) == (9, 15, None)
    assert job.shared_by(1) is job


def test_a_job_comes_from_the_run() -> None:
    run = run_file().model_copy(update={"voice": "openai/m", "agent_model": "a", "redacted": True})
    assert job_of(run) == Job("openai/m", "rules", Pace(32, 4, None), Limits(), "a", True)
    assert job_of(run.model_copy(update={"judge": "local/x"})).pace.concurrency == 2


# --- a service that misbehaves


class Service:
    """Answers borrower's lines and judge's questions; fails by a rhythm, or wholly while `down`."""

    def __init__(self) -> None:
        self.asked = 0
        self.down = False
        self.outcomes: Counter[str] = Counter()
        self.refuse_key = False
        self._seen: set[str] = set()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.asked += 1
        outcome = self._outcome(body)
        self.outcomes[outcome] += 1
        if outcome == "reset":
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if outcome in ("429", "500", "401"):
            headers = {"Retry-After": "0.01"} if outcome == "429" else {}
            return web.json_response({"error": {"message": "no"}}, status=int(outcome), headers=headers)
        return web.json_response(_completion("{nonsense" if outcome == "malformed" else _said(body)))

    def _outcome(self, body: dict[str, Any]) -> str:
        """Return how this request fares: a fault comes once for a request, what is tried again is answered."""
        if self.refuse_key:
            return "401"
        if self.down:
            return "500"
        if (text := json.dumps(body)) in self._seen or "not usable" in text:
            return "ok"
        self._seen.add(text)
        faults = {3: "429", 7: "500", 11: "reset"}
        if body["model"] == "judge" and len(self._seen) % 2:
            return "malformed"
        return faults.get(len(self._seen) % 13, "ok")


def _said(body: dict[str, Any]) -> str:
    schema = (body.get("response_format") or {}).get("json_schema")
    if body["model"] != "judge" and not schema:
        return LINE
    asked = "\n".join(message["content"] for message in body["messages"])
    turns = [i for i in range(0, 40, 2) if f"[{i}] agent:" in asked]
    return json.dumps({"turns": [{"turn": i, "respect": 4, "clarity": 3} for i in turns], "findings": []})


def _completion(text: str) -> dict[str, Any]:
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
    return {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": usage}


@asynccontextmanager
async def serving() -> AsyncIterator[tuple[Service, Settings]]:
    service, app = Service(), web.Application()
    app.router.add_post("/v1/chat/completions", service.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield service, Settings(base_url=f"http://127.0.0.1:{runner.addresses[0][1]}/v1")
    finally:
        await runner.cleanup()


@pytest.fixture
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    from borrowersim.models import openai, retry

    monkeypatch.setattr(openai, "Retry", lambda: retry.Retry(first=0.001, longest=0.02))


def case_of(row: Row) -> Case:
    return Case.model_validate_json(row.talk)


@pytest.mark.usefixtures("quick_retries")
async def test_faults_on_the_way_cost_no_talk() -> None:
    async with serving() as (service, settings):
        taken = Taken()
        job = Job("openai/voice", "openai/judge", Pace(concurrency=8, max_turns=3))
        await HereEngine(settings).run(many(24), job, taken, Halt())
    assert {"429", "500", "reset", "malformed", "ok"} <= set(service.outcomes)
    assert len(taken.rows) == len({row.id for row in taken.rows}) == 24
    assert [(c.played.failure, c.score.unscored) for c in map(case_of, taken.rows) if technical(c)] == []
    for row in taken.rows:
        case = case_of(row)
        assert case.score.unscored == ""
        assert case.played.ending.value not in ("model_failed", "agent_failed")
        assert row.calls >= 2
        assert row.prompt_tokens == 100 * row.calls


@pytest.mark.usefixtures("quick_retries")
async def test_a_service_that_is_down_halts_and_the_run_goes_on_when_it_is_back(tmp_path: Path) -> None:
    store, talks = Store(f"sqlite:///{tmp_path / 'runs.sqlite'}"), many(40)
    store.begin(run_file().model_copy(update={"plan": tuple(talks)}))
    async with serving() as (service, settings):
        service.down = True
        first = await stretch(store, settings, Breaker(Halt(), cooldown=0.001))
        assert "talks in a row failed, the last one:" in first.reason
        assert "kept failing" in first.reason
        failed = list(store.cases("small-1"))
        assert 5 + 3 <= len(failed) <= 4 + 5 + 3
        assert run_outcome(failed, [], len(talks)) == ("inconclusive", 4)
        assert all(not case.score.breaches for case in failed if not case.played.talk.turns)
        assert {case.played.ending.value for case in failed} == {"model_failed"}
        service.down = False
        second = await stretch(store, settings, Breaker(Halt(), cooldown=0.001))
        assert not second.reason
    assert store.waiting("small-1") == []
    assert (store.line("small-1").done, store.line("small-1").failed) == (40, 0)
    store.close()


async def stretch(store: Store, settings: Settings, breaker: Breaker) -> Halt:
    made = cast_named("openai/voice", "rules", settings)

    async def keep(case: Case) -> None:
        store.add("small-1", [row_of(case)])

    with anyio.fail_after(30):
        await play(store.waiting("small-1"), made, keep, Pace(4, 2), halt=breaker.halt, breaker=breaker)
    await made.aclose()
    return breaker.halt


async def test_a_refused_key_is_a_message_and_no_traceback(tmp_path: Path) -> None:
    from tests.app.test_cli import borrowersim

    async with serving() as (service, settings):
        service.refuse_key = True
        words = ["run", "article", "--voice", "openai/voice", "--judge", "rules"]
        done = await anyio.to_thread.run_sync(
            lambda: borrowersim(
                *words, cwd=tmp_path, OPENAI_BASE_URL=str(settings.base_url), OPENAI_API_KEY="sk-wrong-1"
            )
        )
    assert done.returncode == 2, done.stderr
    assert "refused the key" in done.stderr


@pytest.mark.parametrize(
    ("budget", "reason"),
    [
        (["--max-calls", "5"], "of 5 calls"),
        (["--max-money", "0.001", "--price", "1", "10"], "of 0.001 money"),
    ],
)
async def test_a_spent_budget_is_exit_3_and_resume_spends_anew(tmp_path: Path, budget: list[str], reason: str) -> None:
    from tests.app.test_cli import borrowersim

    suite = "id: s\nrepeats: 3\nmax_turns: 2\nblocks:\n- {borrowers: [us-maria-delgado], agents: [respectful]}\n"
    (tmp_path / "s.yaml").write_text(suite + "limits: {concurrency: 1}\n", "utf-8")
    async with serving() as (_, settings):

        def call(*words: str) -> Any:
            return borrowersim(*words, cwd=tmp_path, OPENAI_BASE_URL=str(settings.base_url))

        run: Callable[[], Any] = lambda: call(  # noqa: E731
            "run", "s.yaml", "--voice", "openai/voice", "--judge", "rules", "--json", *budget
        )
        done = await anyio.to_thread.run_sync(run)
        assert done.returncode == 3, done.stderr
        assert reason in json.loads(done.stdout)["stopped"]
        talks = len(json.loads(done.stdout)["talks"])
        assert 1 <= talks < 3
        again = await anyio.to_thread.run_sync(lambda: call("resume", "latest", "--json"))
        assert len(json.loads(again.stdout)["talks"]) > talks


# --- Ray


def test_batches_suit_the_workers() -> None:
    from borrowersim_app.engines.cluster import batched

    assert [len(b) for b in batched(many(80), 2)] == [20] * 4
    assert [len(b) for b in batched(many(1_600), 2)] == [200] * 8
    assert max(len(b) for b in batched(PLAN * 2_000, 4)) == 500
    assert [p for b in batched(many(80), 3) for p in b] == many(80)


def test_workers_get_the_settings_they_need(monkeypatch: pytest.MonkeyPatch) -> None:
    from borrowersim_app.engines.cluster import passed_on

    for name in ("OPENAI_API_KEY", "BORROWERSIM_STORE", "BORROWERSIM_PASSWORD", "ANTHROPIC_API_KEY", "HOME_KEY"):
        monkeypatch.setenv(name, "x")
    names = set(passed_on(Job("langchain/anthropic:claude", "rules", Pace())))
    assert {"OPENAI_API_KEY", "ANTHROPIC_API_KEY"} <= names
    assert not {"BORROWERSIM_STORE", "BORROWERSIM_PASSWORD", "HOME_KEY"} & names
    assert "ANTHROPIC_API_KEY" not in passed_on(JOB)


def test_a_batch_does_not_show_what_it_carries() -> None:
    from borrowersim_app.engines.batch import Batch

    shown = repr(Batch((), JOB, "r", "postgresql://u:secret-1@h/d", {"OPENAI_API_KEY": "secret-2"}))
    assert "secret" not in shown


class Silent:
    """A flag that nobody raises, as a worker sees it."""

    class asked:
        @staticmethod
        async def remote() -> str:
            return ""


def test_a_batch_is_played_and_stored_and_not_again(store_url: str) -> None:
    from borrowersim_app.engines.batch import Batch, play_batch

    store = Store(store_url)
    store.begin(run_file())
    first = Batch(PLAN[:3], JOB, "small-1", store_url)
    rows = [row for some, _ in play_batch(first, Silent) for row in some]
    assert {row.id for row in rows} == {p.id for p in PLAN[:3]}
    assert {row.talk for row in rows} == {""}
    assert len(list(store.cases("small-1"))) == 3
    again = list(play_batch(Batch(PLAN, JOB, "small-1", store_url, again=True), Silent))
    assert {row.id for row in again[0][0]} == {p.id for p in PLAN[:3]}
    assert len([row for some, _ in again for row in some]) == len(PLAN)
    assert store.waiting("small-1") == []
    store.close()


def test_a_batch_that_fails_raises_what_failed() -> None:
    from borrowersim_app.engines.batch import Batch, play_batch

    with pytest.raises(UsageError, match="no agent script"):
        list(play_batch(Batch((PLAN[0].model_copy(update={"agent": "nobody"}),), JOB, "r"), Silent))


def ray_engine(store_url: str) -> Engine:
    pytest.importorskip("ray")
    from borrowersim_app.engines.cluster import RayEngine

    return RayEngine("", 2, "small-1", store_url)


def ray_workers() -> list[int]:
    """Return the processes that play a batch at this moment."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and b"ray::play_batch" in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue  # it has just ended
    return found


def logs_of_ray() -> dict[str, bytes]:
    """Return what Ray has written about its newest session."""
    files = Path("/tmp/ray/session_latest/").rglob("*")
    return {str(p): p.read_bytes() for p in files if p.is_file() and p.stat().st_size < 10**8}


@pytest.mark.ray
@pytest.mark.filterwarnings("ignore")
async def test_a_cluster_gives_what_one_process_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-never-in-a-log")
    talks = many(80)
    there = await played_by(ray_engine("sqlite://"), talks)
    assert plain(there) == plain(await played_by(HereEngine(Settings()), talks))
    assert len(there) == 80
    assert logs_of_ray()
    assert not [name for name, text in logs_of_ray().items() if b"sk-never-in-a-log" in text]


@pytest.mark.ray
@pytest.mark.filterwarnings("ignore")
async def test_a_killed_worker_of_the_cluster_loses_nothing(store_url: str) -> None:
    store, talks, killed = Store(store_url), many(240), list[int]()
    store.begin(run_file().model_copy(update={"plan": tuple(talks)}))
    shared = store_url.startswith("postgres")

    class Killing(Taken):
        async def __call__(self, rows: Sequence[Row], *, stored: bool = False) -> None:
            await super().__call__(rows, stored=stored)
            if not stored:
                store.add("small-1", rows)
            if len(self.rows) > 60 and not killed:
                killed.append(ray_workers()[0])
                os.kill(killed[0], signal.SIGKILL)

    taken = Killing()
    await ray_engine(store_url).run(talks, JOB, taken, Halt())
    assert killed
    assert taken.stored == {shared}
    assert sorted(row.id for row in taken.rows) == sorted(p.id for p in talks)
    assert store.waiting("small-1") == []
    here = plain(await played_by(HereEngine(Settings()), talks))
    assert plain([row_of(case) for case in store.cases("small-1")]) == here
    store.close()


@pytest.mark.ray
@pytest.mark.filterwarnings("ignore")
async def test_a_cluster_stops_when_asked_with_whole_talks(store_url: str) -> None:
    store, talks, halt = Store(store_url), many(4_000), Halt()
    store.begin(run_file().model_copy(update={"plan": tuple(talks)}))
    taken = Taken(halt, stop_after=30)
    with anyio.fail_after(60):
        await ray_engine(store_url).run(talks, JOB, taken, halt)
    assert 30 <= len(taken.rows) < 4_000
    assert max(Counter(row.id for row in taken.rows).values()) == 1
    if store_url.startswith("postgres"):
        assert store.line("small-1").done == len(taken.rows)
    store.close()


@pytest.mark.ray
@pytest.mark.filterwarnings("ignore")
async def test_an_error_on_the_cluster_is_the_runs_error() -> None:
    with pytest.raises(UsageError, match="no agent script"):
        await played_by(ray_engine("sqlite://"), [PLAN[0].model_copy(update={"agent": "nobody"})])


@pytest.mark.ray
@pytest.mark.filterwarnings("ignore")
async def test_a_cluster_that_is_not_there_is_said() -> None:
    pytest.importorskip("ray")
    from borrowersim_app.engines.cluster import RayEngine

    with pytest.raises(BorrowerSimError, match=r"no Ray cluster 127\.0\.0\.1:9"):
        await RayEngine("127.0.0.1:9", 0, "r", "sqlite://").run(PLAN, JOB, Taken(), Halt())


def test_ray_that_is_not_installed_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from borrowersim_app.engines.cluster import _ray

    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(UsageError, match=r"borrowersim\[ray\]"):
        _ray()
