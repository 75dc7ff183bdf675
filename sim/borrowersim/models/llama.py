"""One GGUF file loaded in this process, shared by every model object that names it."""

import asyncio
import atexit
import secrets
import threading
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from borrowersim.errors import BadAnswer, ModelError, ServiceDown, UsageError

INSTALL = "the embedded model needs one more package; run: pip install 'borrowersim[local]'"
_QUIET = -1


@dataclass(frozen=True)
class Load:
    """Which file to load, and how."""

    path: Path
    slots: int
    """Answers made at the same time; each keeps its own prompt warm."""
    context: int
    """Tokens of prompt and answer that fit into one slot."""
    threads: int | None
    cache_mib: int
    """Memory for prompts that were read before and left their slot."""


class Llama:
    """The llama.cpp server of one file. Calls run in threads of their own and can be given up."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.users = 0
        self._server: Any = None
        self._loading = threading.Lock()
        self._threads: set[threading.Thread] = set()

    async def chunks(self, kind: Literal["chat", "text"], body: dict[str, Any]) -> AsyncGenerator[dict[str, Any], None]:
        """Yield what the server sends; leaving early stops it at its next token."""
        server = await asyncio.to_thread(self._ready)
        handler = server.handle_chat_completions if kind == "chat" else server.handle_completions
        call = _Call(handler, {**body, "stream": True, "stream_options": {"include_usage": True}}, self._threads)
        try:
            call.start()
            while (item := await call.queue.get()) is not None:
                yield checked(item)
        finally:
            call.given_up.set()

    def close(self) -> None:
        """Wait for the calls that are running, then free the memory."""
        for thread in list(self._threads):
            thread.join()
        with self._loading:
            self._server = None

    def _ready(self) -> Any:
        with self._loading:
            if self._server is None:
                self._server = _serve(self.load)
            return self._server


class _Call:
    """One request on its thread; what comes back crosses over to the event loop's queue."""

    def __init__(self, handler: Callable[..., Any], body: dict[str, Any], threads: set[threading.Thread]) -> None:
        self.queue: asyncio.Queue[Any] = asyncio.Queue()
        self.given_up = threading.Event()
        self._loop = asyncio.get_running_loop()
        self._handler, self._body, self._threads = handler, body, threads
        # Not a daemon: a thread inside native code must not outlive the interpreter.
        self._thread = threading.Thread(target=self._run, name="borrowersim-llama")

    def start(self) -> None:
        self._threads.add(self._thread)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._handler(self._body, self._take)
            self._put(None)
        except Exception as problem:  # the binding raises bare RuntimeError and ValueError
            self._put(problem)
        finally:
            self._threads.discard(self._thread)

    def _take(self, chunk: dict[str, Any]) -> bool:
        """Pass a chunk on; True tells the server to stop."""
        if self.given_up.is_set() or not threading.main_thread().is_alive():
            return True
        self._put(chunk)
        return False

    def _put(self, item: Any) -> None:
        try:
            self._loop.call_soon_threadsafe(self.queue.put_nowait, item)
        except RuntimeError:  # the event loop was closed under us: nobody listens any more
            self.given_up.set()


def checked(item: Any) -> dict[str, Any]:
    """Return a chunk; raise our error for an error that came in its place."""
    if isinstance(item, ValueError):
        raise UsageError(f"the embedded model cannot follow this request: {item}")
    if isinstance(item, Exception):
        raise ServiceDown(f"the embedded model failed: {item}; run it again, with a smaller context if memory is short")
    if error := item.get("error"):
        raise _refusal(error)
    chunk: dict[str, Any] = item
    return chunk


def _refusal(error: dict[str, Any]) -> ModelError:
    if error.get("type") == "exceed_context_size_error":
        has, fits = error.get("n_prompt_tokens"), error.get("n_ctx")
        return BadAnswer(
            f"the prompt has {has} tokens and the embedded model reads {fits}; shorten it or load a larger context"
        )
    words = f"{error.get('message')} ({error.get('code')})"
    if int(error.get("code") or 500) >= 500:
        return ServiceDown(f"the embedded model failed: {words}; run it again")
    return BadAnswer(f"the embedded model refused the request: {words}")


def binding() -> Any:
    """Return the xllamacpp module; raise UsageError when it is not installed."""
    try:
        import xllamacpp
    except ImportError:
        raise UsageError(INSTALL) from None
    return xllamacpp


def check_file(path: Path) -> None:
    """Raise UsageError unless the path is a GGUF file, as far as its first bytes tell."""
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except FileNotFoundError:
        raise UsageError(f"there is no model file {path}; run: borrowersim models pull") from None
    except OSError as error:
        raise UsageError(f"cannot read the model file {path}: {error.strerror}; name a .gguf file") from None
    if magic != b"GGUF":
        raise UsageError(f"{path} is not a GGUF model file; name another, or run: borrowersim models pull")


def _serve(load: Load) -> Any:
    check_file(load.path)
    library = binding()
    params = library.CommonParams()
    params.model.path = str(load.path)
    params.n_parallel, params.n_ctx = load.slots, load.slots * load.context
    params.cache_prompt, params.cont_batching, params.cache_ram_mib = True, True, load.cache_mib
    params.verbosity, params.use_color, params.warmup = _QUIET, False, False
    _shut_the_door(params)
    if load.threads:
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = load.threads
    try:
        return library.Server(params)
    except RuntimeError:
        raise UsageError(
            f"{load.path} could not be loaded: the file is broken or cut short, or there is not enough free memory; "
            "free some memory, run `borrowersim models pull` again, or name another .gguf file"
        ) from None


def _shut_the_door(params: Any) -> None:
    """Close the port that llama.cpp always opens on loopback: nobody gets a key, pages are off."""
    params.api_keys = [secrets.token_urlsafe(32)]
    params.cors_origins = ""
    params.ui = params.endpoint_slots = params.endpoint_props = params.endpoint_metrics = False


_loaded: dict[Path, Llama] = {}
_registry = threading.Lock()


def borrow(load: Load) -> Llama:
    """Return the process's one Llama of this file; raise UsageError when it is open in another way."""
    with _registry:
        llama = _loaded.setdefault(load.path, Llama(load))
        if llama.load != load:
            raise UsageError(
                f"{load.path} is already open with {llama.load.slots} slots of {llama.load.context} tokens; "
                "a file is loaded once a process, so use the same slots, context, threads and cache"
            )
        llama.users += 1
        return llama


def give_back(llama: Llama) -> None:
    """Close the file when its last user has gone."""
    with _registry:
        llama.users -= 1
        if llama.users:
            return
        _loaded.pop(llama.load.path, None)
    llama.close()


@atexit.register
def close_all() -> None:
    """Free every loaded file while the interpreter still can."""
    with _registry:
        llamas = list(_loaded.values())
        _loaded.clear()
    for llama in llamas:
        llama.close()
