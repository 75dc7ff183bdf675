"""A changed prompt or rubric needs a new version: both can move scores.

The lock file holds id, version and hash of each. After raising a version, run
`python -m tests.evals.test_prompt_versions` to write it anew.
"""

import hashlib
import json
from pathlib import Path

from borrowersim.prompts import all_prompts
from borrowersim_evals.rubric import rubric_of, rubrics_dir

LOCK = Path(__file__).parent / "prompt_versions.json"


def now() -> dict[str, dict[str, str | int]]:
    """Return id -> version and hash of every prompt and rubric as they are."""
    prompts = {prompt.id: _entry(prompt.version, prompt.fingerprint) for prompt in all_prompts()}
    rubrics = {f"rubric/{name}": _entry(rubric_of(name).version, _hash(name)) for name in ("respect", "clarity")}
    return dict(sorted({**prompts, **rubrics}.items()))


def _entry(version: int, digest: str) -> dict[str, str | int]:
    return {"version": version, "hash": digest}


def _hash(rubric: str) -> str:
    text = (rubrics_dir() / f"{rubric}.yaml").read_text("utf-8")
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def test_a_changed_text_has_a_new_version() -> None:
    locked = json.loads(LOCK.read_text("utf-8"))
    same_version = {
        name
        for name, entry in now().items()
        if name in locked and locked[name]["version"] == entry["version"] and locked[name]["hash"] != entry["hash"]
    }
    assert not same_version, f"the text changed, so raise `version` in: {', '.join(sorted(same_version))}"


def test_the_lock_file_knows_every_text_and_no_other() -> None:
    locked = json.loads(LOCK.read_text("utf-8"))
    assert locked == now(), "write it anew: python -m tests.evals.test_prompt_versions"


def test_two_prompts_never_share_an_id() -> None:
    ids = [prompt.id for prompt in all_prompts()]
    assert len(ids) == len(set(ids))


if __name__ == "__main__":
    LOCK.write_text(json.dumps(now(), indent=2) + "\n", "utf-8")
