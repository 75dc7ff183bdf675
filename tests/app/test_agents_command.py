"""Agents by name, `borrowersim agents`, and the examples of docs/agents.md."""

import json
import os
import re
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from borrowersim import Speaker, Talk, UsageError, persona_named
from borrowersim.agents.definition import HttpDefinition, OpenAIDefinition, PythonDefinition, RunnableDefinition
from borrowersim.agents.pool import Pool
from borrowersim.agents.scripted import AgentScript
from borrowersim.briefing import briefing
from borrowersim.models.langchain import LangChainModel
from borrowersim.models.limits import Limiter
from borrowersim.models.scripted import ScriptedModel
from borrowersim.voices.book import PhrasebookVoice
from borrowersim_app.agents import FORMS, Workshop, agent_named, definition_named
from borrowersim_app.build import Services
from borrowersim_app.cast import Cast
from borrowersim_app.cli.agents import app
from borrowersim_app.settings import Settings
from borrowersim_evals.suite import Limits
from tests.sim.services import Asked, served

DOCUMENT = (Path(__file__).parents[2] / "docs" / "agents.md").read_text("utf-8")
MARIA = persona_named("us-maria-delgado")
TALK = Talk(id="t-1", language=MARIA.language, jurisdiction=MARIA.jurisdiction)
CHAT = {"id": "1", "object": "chat.completion", "created": 1, "model": "m"}


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(words))
    error = f"{type(done.exception).__name__}: {done.exception}" if done.exception else ""
    return done.exit_code, done.output + error


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("http://localhost:1/v1", OpenAIDefinition),
        ("python:m:f", PythonDefinition),
        ("bot.py:f", PythonDefinition),
        ("runnable:m:f", RunnableDefinition),
        ("runnable:bot.py:f", RunnableDefinition),
        ("respectful", AgentScript),
    ],
)
def test_forms_of_a_name(name: str, kind: type) -> None:
    assert isinstance(definition_named(name), kind)


def test_a_name_that_nobody_has_says_where_to_look() -> None:
    with pytest.raises(UsageError, match=r"no agent script 'nobody'; choose one of: .*borrowersim agents list"):
        definition_named("nobody")


def test_llm_needs_a_model(tmp_path: Path) -> None:
    shop = Workshop(Settings(models_dir=tmp_path), Pool())
    with pytest.raises(UsageError, match="agent llm needs a model; set OPENAI_API_KEY"):
        agent_named("llm", briefing(MARIA), shop)


def answer(asked: Asked) -> object:
    said = f"{asked.headers.get('Authorization')} {asked.body['model']} {asked.body['messages'][0]['role']}"
    return {
        **CHAT,
        "choices": [{"index": 0, "message": {"role": "assistant", "content": said}, "finish_reason": "stop"}],
    }


@pytest.mark.anyio
async def test_all_talks_of_a_run_share_one_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", "sk-mine-12345678")
    async with served(answer) as service:
        file = tmp_path / "a.yaml"
        file.write_text(f"kind: openai\nurl: {service.url}/v1\nmodel: m-2\nkey: MY_KEY\nbriefing: true\n", "utf-8")
        cast = Cast(PhrasebookVoice(), None, Settings(agent_key="sk-other"))
        said = set()
        for name in [str(file)] * 6 + [f"{service.url}/v1"] * 6:
            agent = await cast.agent(name, briefing(MARIA))
            said.add(await agent.speak(TALK, None))
            await agent.aclose()
        await cast.aclose()
        assert len(service.peers) == 2
    assert said == {"Bearer sk-mine-12345678 m-2 system", "Bearer sk-other agent user"}


@pytest.mark.anyio
async def test_a_model_plays_a_prompt_of_yours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from langchain_core.language_models import FakeListChatModel

    monkeypatch.setattr(
        "borrowersim_app.build.chat_model",
        lambda *_: LangChainModel(FakeListChatModel(responses=["Good day.", "[END]"])),
    )
    (prompt,) = blocks("text")
    (tmp_path / "my-prompt.md").write_text(prompt, "utf-8")
    (tmp_path / "a.yaml").write_text(blocks("yaml")[3], "utf-8")
    agent = agent_named(str(tmp_path / "a.yaml"), briefing(MARIA), Workshop(Settings(), Pool()))
    assert await agent.speak(TALK, None) == "Good day."
    assert await agent.speak(TALK.said(Speaker.AGENT, "Good day."), None) is None


def test_every_kind_in_the_document_is_a_sound_definition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = []
    for block in blocks("yaml"):
        (tmp_path / "a.yaml").write_text(block, "utf-8")
        kinds.append(definition_named(str(tmp_path / "a.yaml")).kind)
    assert kinds == ["http", "http", "openai", "llm", "python", "runnable", "script"]


def test_the_body_in_the_document_is_what_is_sent() -> None:
    (body,) = blocks("json")
    assert set(json.loads(body)) == set(HttpDefinition(url="http://h/").body)


def test_the_python_in_the_document_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    function, bot, graph, other_way = blocks("python")
    (tmp_path / "bot.py").write_text(function + bot, "utf-8")
    (tmp_path / "graph.py").write_text(graph, "utf-8")
    for name in (f"{tmp_path}/bot.py:reply", f"python:{tmp_path}/bot.py:Bot", f"runnable:{tmp_path}/graph.py:graph"):
        code, said = run("check", name, "--try", "us-maria-delgado")
        assert (code, "it answers" in said) == (0, True), said
    exec(compile(other_way, "docs/agents.md", "exec"), {})


def test_list_names_scripts_and_forms() -> None:
    code, said = run("list")
    assert code == 0
    assert "respectful" in said
    data = json.loads(run("list", "--json")[1])
    assert data["forms"] == FORMS
    assert {"id", "about", "languages"} == set(data["scripts"][0])


def test_show_fills_in_defaults_and_hides_keys(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(
        "url: http://h/x\nheaders: {Authorization: Bearer sk-literal, X-Key: '${MY_KEY}', Accept: '*/*'}\n"
        "close: {url: http://h/y, headers: {Cookie: s=1}}\n",
        "utf-8",
    )
    code, said = run("show", str(file))
    assert code == 0
    data = yaml.safe_load(said)
    assert data["kind"] == "http"
    assert data["reply"] == "reply"
    assert data["headers"] == {"Authorization": "[hidden]", "X-Key": "${MY_KEY}", "Accept": "*/*"}
    assert data["close"]["headers"] == {"Cookie": "[hidden]"}
    assert "sk-literal" not in run("show", str(file), "--json")[1]


def test_check_warns_of_keys_in_files_and_of_agents_without_a_case(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("url: http://h/x\nheaders: {Authorization: Bearer sk-literal}\n", "utf-8")
    code, said = run("check", str(file), "http://localhost:1/v1", "respectful")
    assert code == 0
    assert "header Authorization holds its key in the file; write ${NAME}" in said
    assert "it is not told the case" in said
    assert "respectful: script agent, it can be made" in said


def test_check_fails_where_a_key_or_code_is_missing(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("url: http://h/x\nheaders: {Authorization: '${NOT_SET}'}\n", "utf-8")
    assert "UsageError: the agent" in run("check", str(file))[1]
    assert "UsageError: there is no module 'nowhere'" in run("check", "python:nowhere:x")[1]


def test_check_with_a_borrower_fails_where_the_agent_does(tmp_path: Path) -> None:
    (tmp_path / "bot.py").write_text("def bad(history): return 3\ndef mute(history): return None\n", "utf-8")
    code, said = run("check", f"{tmp_path}/bot.py:bad", "--try", "us-maria-delgado")
    assert (code, "AgentError" in said, "not text" in said) == (1, True, True)
    assert "ended the talk without a word" in run("check", f"{tmp_path}/bot.py:mute", "--try", "cn-zhou-min")[1]


def test_no_key_is_in_the_repr_of_what_makes_agents() -> None:
    shop = Workshop(Settings(agent_key="sk-secret"), Pool(), env={"K": "sk-secret"})
    assert "sk-secret" not in repr(shop)
    assert Workshop(Settings(), Pool()).env is os.environ


@pytest.mark.anyio
async def test_agents_and_voice_of_one_service_keep_to_its_rates_together(monkeypatch: pytest.MonkeyPatch) -> None:
    admitted = list[Limiter]()

    async def admit(limiter: Limiter, messages: object, ask: object) -> None:
        admitted.append(limiter)

    monkeypatch.setattr(Limiter, "admit", admit)
    monkeypatch.setattr("borrowersim_app.build.chat_model", lambda *_: ScriptedModel(["Hello, is this Maria?"] * 2))
    services, settings = Services(Settings(), Limits(requests_per_minute=60)), Settings()
    agent = agent_named("openai/a", briefing(MARIA), Workshop(settings, Pool(), services=services))
    assert await agent.speak(TALK, None) == "Hello, is this Maria?"
    await services.model("openai/voice").reply([])
    assert len(admitted) == 2
    assert admitted[0] is admitted[1]
