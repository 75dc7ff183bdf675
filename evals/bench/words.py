"""The words of the page docs/benchmark.md."""

CALLS = 13
"""6 of the user, 6 of the agent, 1 of the judge: the least that the work needs."""

HEAD = """# Benchmark

Written by `python evals/bench/bench.py`; what it does and how to read it: [evals/bench](../evals/bench/README.md).

{versions}

Every peer does the same work against the same mock service on this machine: N talks of 6 turns of the simulated
borrower and 6 of the agent, then a judge of three criteria. So the figures are the harness's own overhead, not a
model's speed. Two things to know about the mock:

- A prompt that offers example lines is answered with the first of them, as a model that words the act rightly would.
  Only borrowersim offers any. A mock that says one fixed sentence would measure something else: our guard keeps that
  sentence back where it is another act than the one that the borrower chose, asks the model again, and then the
  phrasebook speaks. That is the row `borrowersim-worst`: the fixed sentence always, the worst case.
- Its judge answers as quickly as everybody; a real one takes seconds, and then every harness waits for it alike.

borrowersim does more than the others in that work: it hears each turn, computes the borrower, checks each line, applies
the rules of law to each talk, stores each talk and writes a report. All of that is inside its figures.
"""
SPEED = """## Speed

Wall and processor time are from after the imports to the last result; for borrowersim to the written report, with the
worker processes that it starts and their imports (*playing* is without the report). Medians of the runs. Memory is the
most that a peer's processes held together at one look (proportional set size, read every tenth of a second). The
ideal wall is N / concurrency x calls x {latency:g} ms: once with the {calls} calls that the work needs, once with those
that the peer made. Whole waves of talks make even a perfect client a little slower than that.

Concurrency is how many answers may be waited for at once (*most in flight* is what the mock saw). The floors and
openevals play as many talks side by side, each waiting for one answer at a time. borrowersim has a few more talks under
way, which take turns: one that hears, judges or stores leaves its place to another, and no nearly empty wave is left
for the end."""
FAULTS = """## Faults

429 with Retry-After 10 %, 500 5 %, connection reset 2 %, malformed answers 5 % of the judge's calls.
*good*: all turns and a verdict. *lost*: the peer reports an error, or no verdict. *wrong*: it reports a finished talk
with turns missing, or one that the judge, who passes everything, failed. A talk of borrowersim is good only when the
model judge had a part in its score; one that the rules alone scored is lost here. One run each: read the counts as
rough."""
RESUMED = """## Killed and resumed

A run is killed with SIGKILL after 40 % of the requests of a full run, then the same command is given again
(borrowersim: `resume`). *repeated*: talks whose judge had answered before the kill and that were judged again; talks
that were under way begin anew in any case. *same results*: every transcript and score of the resumed run equals that of
a run that was not killed. The floors and openevals have no way to go on and play everything again."""
ALONE = "## The product alone"
