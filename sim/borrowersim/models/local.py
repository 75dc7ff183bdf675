"""The embedded model: llama.cpp in this process, no service and no key."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

from borrowersim.errors import BadAnswer
from borrowersim.models.base import DEFAULT_ASK, Ask, Message, Reply, Usage
from borrowersim.models.form import Thoughts, json_document, spoken
from borrowersim.models.llama import Llama, Load, binding, borrow, check_file, give_back


class LocalModel:
    """A GGUF file that chats and continues plain text.

    The file is loaded at the first call, once a process, whoever asks. Keep the beginning of
    prompts the same and `warm` it: a prompt that was read before starts at once. A seed repeats
    an answer for the same state of the cache; across runs it is only likely to.
    """

    def __init__(
        self,
        path: Path,
        *,
        slots: int = 2,
        threads: int | None = None,
        context: int = 4096,
        cache_mib: int = 1024,
        name: str | None = None,
    ) -> None:
        path = path.expanduser().resolve()
        check_file(path)
        binding()
        self._load = Load(path, slots, context, threads, cache_mib)
        self._name = name or f"local/{path.stem}"
        self._llama: Llama | None = None
        self.used = Usage()

    @property
    def name(self) -> str:
        return self._name

    async def reply(self, messages: Sequence[Message], ask: Ask = DEFAULT_ASK) -> Reply:
        pieces, usage = [], Usage(calls=1)
        async for chunk in self._borrowed().chunks("chat", _chat(messages, ask)):
            pieces.append(_delta(chunk))
            usage += _usage(chunk)
        self.used += usage
        text = spoken("".join(pieces))
        if not text:
            raise BadAnswer(f"the embedded model {self._name} answered without text; try another seed or prompt")
        return Reply(text=json_document(text) if ask.json_schema else text, usage=usage)

    async def stream(self, messages: Sequence[Message], ask: Ask = DEFAULT_ASK) -> AsyncIterator[str]:
        """Yield the answer piece by piece; leaving the loop stops the model."""
        thoughts, usage, spoke = Thoughts(), Usage(calls=1), False
        chunks = self._borrowed().chunks("chat", _chat(messages, ask))
        try:
            async for chunk in chunks:
                usage += _usage(chunk)
                if piece := thoughts.feed(_delta(chunk)):
                    spoke = True
                    yield piece
            if piece := thoughts.rest():
                spoke = True
                yield piece
        finally:
            self.used += usage
            await chunks.aclose()
        if not spoke:
            raise BadAnswer(f"the embedded model {self._name} answered without text; try another seed or prompt")

    async def complete(self, prompt: str, ask: Ask = DEFAULT_ASK, n: int = 1) -> tuple[list[str], Usage]:
        """Return n continuations as they come, spaces included; the prompt is read once for as many as have slots."""
        texts: list[str] = []
        usage = Usage()
        while len(texts) < n:
            some = min(self._load.slots, n - len(texts))
            seed = None if ask.seed is None else ask.seed + len(texts)
            more, cost = await self._continue(prompt, ask.model_copy(update={"seed": seed}), some)
            texts, usage = texts + more, usage + cost
        self.used += usage
        return texts, usage

    async def warm(self, prompt: str) -> None:
        """Read the prompt into the cache, so that the next continuation starts at once."""
        await self._continue(prompt, Ask(max_tokens=1, temperature=0), 1)

    async def aclose(self) -> None:
        """Free the memory, unless another model object still uses the file."""
        llama, self._llama = self._llama, None
        if llama:
            await asyncio.to_thread(give_back, llama)

    async def _continue(self, prompt: str, ask: Ask, n: int) -> tuple[list[str], Usage]:
        texts, usage = [""] * n, Usage(calls=1)
        prompt_tokens = 0
        async for chunk in self._borrowed().chunks("text", _text(prompt, ask, n)):
            for choice in chunk.get("choices", []):
                texts[choice.get("index", 0)] += choice.get("text") or ""
            cost = _usage(chunk)
            usage += Usage(completion_tokens=cost.completion_tokens)
            prompt_tokens = max(prompt_tokens, cost.prompt_tokens)
        return texts, usage + Usage(prompt_tokens=prompt_tokens)

    def _borrowed(self) -> Llama:
        if self._llama is None:
            self._llama = borrow(self._load)
        return self._llama


def _chat(messages: Sequence[Message], ask: Ask) -> dict[str, Any]:
    body = {**_common(ask), "messages": [message.model_dump() for message in messages]}
    if ask.json_schema is not None:
        body["response_format"] = {"type": "json_schema", "json_schema": {"name": "answer", "schema": ask.json_schema}}
    return body


def _text(prompt: str, ask: Ask, n: int) -> dict[str, Any]:
    schema = {} if ask.json_schema is None else {"json_schema": ask.json_schema}
    return {**_common(ask), **schema, "prompt": prompt, "n": n}


def _common(ask: Ask) -> dict[str, Any]:
    seed = {} if ask.seed is None else {"seed": ask.seed % 2**32}
    common = {"max_tokens": ask.max_tokens, "temperature": ask.temperature, "cache_prompt": True}
    return {**common, "stop": list(ask.stop), **seed}


def _delta(chunk: dict[str, Any]) -> str:
    choices = chunk.get("choices") or [{}]
    return (choices[0].get("delta") or {}).get("content") or ""


def _usage(chunk: dict[str, Any]) -> Usage:
    usage = chunk.get("usage") or {}
    return Usage(
        prompt_tokens=usage.get("prompt_tokens", 0),
        completion_tokens=usage.get("completion_tokens", 0),
    )
