"""The public fake: answers in order, fails when told to, remembers what it was asked."""

import subprocess
import sys

import pytest

import borrowersim.models as models
from borrowersim.errors import BadAnswer, ServiceDown
from borrowersim.models import Ask, Completer, Message, ScriptedModel, Usage

pytestmark = pytest.mark.anyio
HELLO = (Message(role="user", content="Hello."),)


async def test_lines_come_in_order_and_then_the_script_ends() -> None:
    model = ScriptedModel(["No.", BadAnswer("nonsense"), "Yes."], name="maria")
    assert (await model.reply(HELLO)).text == "No."
    with pytest.raises(BadAnswer, match="nonsense"):
        await model.reply(HELLO)
    assert (await model.reply(HELLO, Ask(seed=4))).text == "Yes."
    with pytest.raises(ServiceDown, match="script ended"):
        await model.reply(HELLO)
    assert model.name == "maria"
    assert model.prompts == [HELLO] * 4
    assert model.asks[2].seed == 4
    assert model.used == Usage(calls=4)


async def test_a_stream_gives_the_same_words_in_pieces() -> None:
    pieces = [piece async for piece in ScriptedModel(["I cannot pay this month."]).stream(HELLO)]
    assert len(pieces) > 3
    assert "".join(pieces) == "I cannot pay this month."


async def test_it_continues_text_and_honours_stops() -> None:
    model = ScriptedModel([" No way.\nAgent: fine", " Later."])
    assert isinstance(model, Completer)
    await model.warm("Agent:")
    texts, usage = await model.complete("Agent: Pay.\nMaria:", Ask(stop=("\n",)), n=2)
    assert texts == [" No way.", " Later."]
    assert usage.calls == 1
    assert (model.warmed, model.texts) == (["Agent:"], ["Agent: Pay.\nMaria:"])
    await model.aclose()
    assert model.closed


def test_every_public_name_is_there() -> None:
    for name in models.__all__:
        assert getattr(models, name).__module__.startswith("borrowersim.models") or name == "DEFAULT_ASK"
    with pytest.raises(AttributeError, match="Nonesuch"):
        _ = models.Nonesuch


def test_importing_the_package_loads_no_heavy_library() -> None:
    heavy = ("openai", "langchain", "xllamacpp", "huggingface_hub")
    code = f"import sys, borrowersim.models as m; m.Ask; print([n for n in {heavy} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
