"""Mock OpenAI-compatible chat service for benchmarks, on loopback only.

A raw asyncio protocol on uvloop and httptools, so that it is not the bottleneck. Answers after a
fixed latency with jitter; faults by share; `GET /stats` and `POST /reset` for the runner.
"""

import argparse
import asyncio
import json
import random
import signal
import time
from typing import Any

import httptools
import uvloop

from mock_answers import answer, prompt_chars, role_of

LIMITED = b'{"error":{"message":"slow down","type":"rate_limit_error","code":"rate_limit_exceeded"}}'
BROKEN = b'{"error":{"message":"boom","type":"server_error"}}'


class State:
    """What the server counts; `reset` begins anew with the same seed."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.active = 0
        self.reset()

    def reset(self) -> None:
        """Forget all counts and draw the same faults again."""
        self.rng = random.Random(self.options.seed)
        self.by_role = {"user": 0, "agent": 0, "judge": 0}
        self.answered = {"user": 0, "agent": 0, "judge": 0}
        self.by_outcome = {"ok": 0, "429": 0, "500": 0, "malformed": 0, "reset": 0}
        self.chars = {"user": 0, "agent": 0, "judge": 0}
        self.requests = self.max_active = self.connections = 0
        self.first = self.last = 0.0

    def stats(self) -> dict[str, Any]:
        """Return the counts.

        by_role counts requests as they come, answered those whose client was still there for the
        answer; span_s is from the first request to the last answer.
        """
        return {
            "requests": self.requests,
            "by_role": self.by_role,
            "answered": self.answered,
            "by_outcome": self.by_outcome,
            "prompt_tokens": sum(self.chars.values()) // 4,
            "max_concurrency": self.max_active,
            "connections": self.connections,
            "active": self.active,
            "span_s": round(self.last - self.first, 4),
        }

    def take(self, role: str, chars: int) -> str:
        """Count a request and return what will become of it."""
        self.first = self.first or time.monotonic()
        self.requests += 1
        self.by_role[role] += 1
        self.chars[role] += chars
        self.active += 1
        self.max_active = max(self.max_active, self.active)
        fault = self._fault(role)
        self.by_outcome[fault] += 1
        return fault

    def _fault(self, role: str) -> str:
        draw = self.rng.random()
        for name, share in (
            ("reset", self.options.reset),
            ("429", self.options.rate_limit),
            ("500", self.options.error),
        ):
            if draw < share:
                return name
            draw -= share
        return "malformed" if role == "judge" and self.rng.random() < self.options.malformed else "ok"

    def delay(self) -> float:
        """Return the seconds until the next answer."""
        latency, jitter = float(self.options.latency_ms), float(self.options.jitter_ms)
        return (latency + self.rng.uniform(-jitter, jitter)) / 1000


class Connection(asyncio.Protocol):
    """One client connection, kept alive."""

    def __init__(self, state: State, loop: asyncio.AbstractEventLoop) -> None:
        self.state, self.loop = state, loop
        self.body, self.url = bytearray(), b""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.parser = httptools.HttpRequestParser(self)
        self.state.connections += 1

    def data_received(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserError:
            self.transport.close()

    def on_message_begin(self) -> None:
        self.body = bytearray()

    def on_url(self, url: bytes) -> None:
        self.url = url

    def on_body(self, chunk: bytes) -> None:
        self.body += chunk

    def on_message_complete(self) -> None:
        path = self.url.split(b"?")[0]
        if self.parser.get_method() == b"POST" and path.endswith(b"/chat/completions"):
            self.chat(json.loads(bytes(self.body)))
        elif path == b"/stats":
            self.send(200, json.dumps(self.state.stats()).encode())
        elif path == b"/reset":
            self.state.reset()
            self.send(200, b"{}")
        else:
            self.send(404, b'{"error":{"message":"no such path"}}')

    def chat(self, body: dict[str, Any]) -> None:
        """Count the request now and answer it after the latency."""
        chars = prompt_chars(body.get("messages", []))
        fault = self.state.take(role_of(body.get("model", "")), chars)
        self.loop.call_later(self.state.delay(), self.finish, body, chars, fault)

    def finish(self, body: dict[str, Any], chars: int, fault: str) -> None:
        """Answer, or do what the fault says."""
        self.state.active -= 1
        self.state.last = time.monotonic()
        if self.transport.is_closing():
            return
        if fault == "reset":
            self.transport.abort()
        elif fault == "429":
            self.send(429, LIMITED, b"retry-after: 1\r\n")
        elif fault == "500":
            self.send(500, BROKEN)
        else:
            self.state.answered[role_of(body.get("model", ""))] += 1
            self.send(200, self.completion(body, chars, malformed=fault == "malformed"))

    def completion(self, body: dict[str, Any], chars: int, *, malformed: bool) -> bytes:
        """Return a chat completion."""
        content, calls = answer(body, fixed=self.state.options.fixed, malformed=malformed)
        message = {"role": "assistant", "content": content, **({"tool_calls": calls} if calls else {})}
        choice = {
            "index": 0,
            "message": message,
            "finish_reason": "tool_calls" if calls else "stop",
            "logprobs": None,
        }
        document = {
            "id": f"chatcmpl-{self.state.requests}",
            "object": "chat.completion",
            "created": 1700000000,
            "model": body.get("model", ""),
            "choices": [choice],
            "usage": {"prompt_tokens": chars // 4, "completion_tokens": 20, "total_tokens": chars // 4 + 20},
        }
        return json.dumps(document).encode()

    def send(self, status: int, payload: bytes, extra: bytes = b"") -> None:
        """Write one HTTP answer."""
        head = b"HTTP/1.1 %d X\r\ncontent-type: application/json\r\ncontent-length: %d\r\n%s\r\n"
        self.transport.write(head % (status, len(payload), extra) + payload)


async def serve(options: argparse.Namespace) -> None:
    """Serve until told to stop; print the port first."""
    loop = asyncio.get_running_loop()
    state = State(options)
    server = await loop.create_server(lambda: Connection(state, loop), "127.0.0.1", options.port, backlog=2048)
    print(f"ready {server.sockets[0].getsockname()[1]}", flush=True)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()


def main() -> None:
    """Read the options and serve."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--port", type=int, default=0, help="0 picks a free port; it is printed as 'ready PORT'")
    parser.add_argument("--latency-ms", type=float, default=50)
    parser.add_argument("--jitter-ms", type=float, default=5, help="uniform, plus or minus")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fixed", action="store_true", help="always the fixed sentence, whatever example is offered")
    parser.add_argument(
        "--rate-limit", type=float, default=0, help="share of requests answered 429 with Retry-After: 1"
    )
    parser.add_argument("--error", type=float, default=0, help="share answered 500")
    parser.add_argument("--reset", type=float, default=0, help="share whose connection is reset")
    parser.add_argument("--malformed", type=float, default=0, help="share of judge calls whose answer breaks off")
    uvloop.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
