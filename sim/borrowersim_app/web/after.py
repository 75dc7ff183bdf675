"""The screen after the call: report card, back to a turn, two tries side by side, files to take away."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import asdict
from typing import Any

import gradio as gr

from borrowersim.errors import BorrowerSimError, UsageError
from borrowersim.talk import Language
from borrowersim_app.web import export, result
from borrowersim_app.web.frame import Frame, noted
from borrowersim_app.web.person import QUIET, Update, reason
from borrowersim_app.web.scripts import PRINT, SAVE, TO_MESSAGE
from borrowersim_app.web.session import Refused, Session
from borrowersim_app.web.talk import TalkScreen
from borrowersim_app.web.words import page_words
from borrowersim_evals.case import Case
from borrowersim_evals.practice import PracticeRecord
from borrowersim_evals.report.words import Words

EXCERPT = 48
"""Characters of a turn in the list of turns to go back to."""
LEAST, MOST = 0, 10
"""Of the dial of resistance."""


class AfterScreen:
    """What a person takes from a call."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        with gr.Column(visible=False) as screen:
            frame.screens["after"] = screen
            self.notice = gr.HTML(visible=False, apply_default_css=False)
            labels = frame.labels
            self.judge_again = labels.put(gr.Button(visible=False, elem_classes="noprint"), value="judge_again")
            self.summary = gr.HTML(apply_default_css=False)
            self._once_more()
            self.report = gr.HTML(apply_default_css=False)
            self._compare()
            self._files()

    def _once_more(self) -> None:
        labels = self._frame.labels
        with gr.Row(equal_height=True, elem_classes=["noprint", "say"]):
            self.turn = labels.put(gr.Dropdown(filterable=False, scale=3, min_width=240), label="try_from")
            button = gr.Button(variant="primary", scale=1, min_width=160, elem_id="rewind")
            self.rewind = labels.put(button, value="rewind")
        with gr.Row(elem_classes="noprint"):
            self.again = labels.put(gr.Button(min_width=150), value="again")
            self.harder = labels.put(gr.Button(min_width=150), value="harder")
            self.easier = labels.put(gr.Button(min_width=150), value="easier")
            self.other = labels.put(gr.Button(min_width=150), value="other")

    def _compare(self) -> None:
        labels = self._frame.labels
        group = gr.Accordion(open=True, visible=False, elem_classes="noprint")
        with labels.put(group, label="compare") as self.compare:
            with gr.Row():
                self.one = labels.put(gr.Dropdown(filterable=False, min_width=200), label="try_one")
                self.two = labels.put(gr.Dropdown(filterable=False, min_width=200), label="try_two")
            self.sides = gr.HTML(apply_default_css=False)

    def _files(self) -> None:
        labels = self._frame.labels
        with gr.Row(elem_classes="noprint"):
            self.as_page = labels.put(gr.Button(size="md", min_width=140), value="as_page")
            self.print = labels.put(gr.Button(size="md", min_width=140), value="print")
            self.as_line = labels.put(gr.Button(size="md", min_width=140), value="as_line")
            self.as_suite = labels.put(gr.Button(size="md", min_width=140), value="as_suite")
        self.file = gr.Textbox(elem_classes="gone", show_label=False, container=False)

    @property
    def drawn(self) -> list[Any]:
        """Return what `redrawn` draws."""
        return [
            self.summary,
            self.report,
            self.turn,
            self.harder,
            self.easier,
            self.compare,
            self.one,
            self.two,
            self.sides,
        ]

    @property
    def shows(self) -> list[Any]:
        """Return what `shown` and `finish` show."""
        frame = self._frame
        return [*frame.screens.values(), frame.call, frame.person, self.notice, self.judge_again, *self.drawn]

    def wire(self, talk: TalkScreen) -> None:
        """Let the screen answer; new tries begin on the screen of the talk."""
        frame = self._frame
        here = [frame.language, frame.person, frame.call]
        opened = [*talk.opens, self.notice]
        for button, harder in ((self.again, 0), (self.harder, 1), (self.easier, -1)):
            button.click(self._caller(talk, harder), here, opened, **QUIET).then(None, js=TO_MESSAGE)
        self.rewind.click(self._rewinder(talk), [*here, self.turn], opened, **QUIET).then(None, js=TO_MESSAGE)
        self.judge_again.click(self.ask_again, here, self.shows, **QUIET)
        gr.on([self.one.input, self.two.input], self.side_by_side, [*here, self.one, self.two], self.sides, **QUIET)
        self.print.click(None, js=PRINT)
        for button, make in ((self.as_page, self.page), (self.as_line, self.line), (self.as_suite, self.suite)):
            button.click(make, here, self.file, **QUIET).success(None, self.file, js=SAVE)

    # What happens. Each callback gets the browser's values and returns what to show.

    async def finish(self, session: Session, kept: Any, words: Words, *, handed_over: bool) -> AsyncIterator[Update]:
        """End a call and show its card: what the rules say at once, a model judge's part when it comes."""
        await session.close(handed_over=handed_over)
        await session.judged_by_rules()
        self._frame.desk.put_away(session)
        record = self._frame.record(kept, session.id)
        if record is None:
            raise UsageError("the practice was not kept; see what the database says")
        alone = self._frame.studio.judged_by_rules_alone
        yield self.shown(record, kept, words) | {self.notice: noted("" if alone else words["judging_more"])}
        if not alone:
            yield await self._judged(record, kept, words)

    async def ask_again(self, language: str, kept: Any, practice: str) -> AsyncIterator[Update]:
        """Have the model judge read the call once more."""
        words, record = page_words(Language(language)), self._frame.record(kept, practice)
        if record is None:
            yield {self.notice: noted(words["no_call"])}
            return
        yield {self.notice: noted(words["judging"]), self.judge_again: gr.update(visible=False)}
        yield await self._judged(record, kept, words)

    async def _judged(self, record: PracticeRecord, kept: Any, words: Words) -> Update:
        try:
            score = await self._frame.studio.judge(record.played.talk)
        except BorrowerSimError as failure:
            text = words["judge_failed"].format(reason(failure))
            return {self.notice: noted(text), self.judge_again: gr.update(visible=True)}
        judged = record.model_copy(update={"score": score})
        self._frame.studio.book.keep(judged)
        return self.redrawn(judged, kept, words) | {self.notice: noted("")}

    def shown(self, record: PracticeRecord, kept: Any, words: Words) -> Update:
        """Show the card of a judged practice."""
        return {
            **self._frame.show("after"),
            **self._frame.holds(kept, record.id),
            self.notice: noted(""),
            self.judge_again: gr.update(visible=False),
            **self.redrawn(record, kept, words),
        }

    def redrawn(self, record: PracticeRecord, kept: Any, words: Words) -> Update:
        """Draw the card in a language."""
        case, persona = _case(record), self._frame.studio.persona(record.played.borrower)
        past = self._frame.desk.past(self._frame.learner(kept), record.id)
        level = record.played.dials.resistance
        return {
            self.summary: result.shown(result.summary(case, persona, past, words)),
            self.report: result.shown(result.report(case, persona)),
            self.turn: gr.update(choices=_turns(case, words), value=_weakest(case), label=words["try_from"]),
            self.harder: gr.update(value=words["harder"], interactive=level < MOST),
            self.easier: gr.update(value=words["easier"], interactive=level > LEAST),
            **self._family(record, kept, words),
        }

    def _family(self, record: PracticeRecord, kept: Any, words: Words) -> Update:
        kin = self._frame.desk.family(self._frame.learner(kept), record.id)
        if len(kin) < 2:
            return {self.compare: gr.update(visible=False), self.one: gr.skip(), self.two: gr.skip(), self.sides: ""}
        choices = [(_try(place, other, words), other.id) for place, other in enumerate(kin, 1)]
        ids = [other.id for other in kin]
        before = record.parent if record.parent in ids else next(i for i in reversed(ids) if i != record.id)
        first = next(other for other in kin if other.id == before)
        return {
            self.compare: gr.update(visible=True, label=words["compare"]),
            self.one: gr.update(choices=choices, value=before, label=words["try_one"]),
            self.two: gr.update(choices=choices, value=record.id, label=words["try_two"]),
            self.sides: result.comparison(first, record, words),
        }

    def side_by_side(self, language: str, kept: Any, practice: str, one: str, two: str) -> str:
        """Return the comparison of two tries of the family on the screen."""
        kin = {record.id: record for record in self._frame.desk.family(self._frame.learner(kept), practice)}
        if one not in kin or two not in kin:
            return ""
        return result.comparison(kin[one], kin[two], page_words(Language(language)))

    def _caller(self, talk: TalkScreen, harder: int) -> Callable[[str, Any, str], Update]:
        def call(language: str, kept: Any, practice: str) -> Update:
            desk = self._frame.desk
            return self._opened(talk, language, kept, lambda: desk.again(self._frame.learner(kept), practice, harder))

        return call

    def _rewinder(self, talk: TalkScreen) -> Callable[[str, Any, str, int], Update]:
        def rewind(language: str, kept: Any, practice: str, turn: int) -> Update:
            desk = self._frame.desk
            return self._opened(
                talk, language, kept, lambda: desk.branch(self._frame.learner(kept), practice, int(turn or 0))
            )

        return rewind

    def _opened(self, talk: TalkScreen, language: str, kept: Any, begin: Callable[[], Session]) -> Update:
        words = page_words(Language(language))
        try:
            session = begin()
        except Refused as refused:
            return {self.notice: noted(words[refused.why].format(*refused.values))}
        except UsageError:
            return {self.notice: noted(words["no_call"])}
        return talk.opened(session, kept, words) | {self.notice: noted("")}

    def page(self, language: str, kept: Any, practice: str) -> str:
        """Return the report as a file, in JSON for the browser."""

        def made(case: Case) -> export.File:
            words = page_words(Language(language))
            persona = self._frame.studio.persona(case.played.borrower)
            past = self._frame.desk.past(self._frame.learner(kept), practice)
            whole = result.summary(case, persona, past, words) + result.report(case, persona)
            return export.as_page(case, whole, words.language)

        return self._file(kept, practice, made)

    def line(self, language: str, kept: Any, practice: str) -> str:
        """Return the case as one line, in JSON for the browser."""
        return self._file(kept, practice, export.as_line)

    def suite(self, language: str, kept: Any, practice: str) -> str:
        """Return the regression case, in JSON for the browser."""
        studio = self._frame.studio
        return self._file(kept, practice, lambda case: export.as_suite(case, studio.persona(case.played.borrower)))

    def _file(self, kept: Any, practice: str, make: Callable[[Case], export.File]) -> str:
        record = self._frame.record(kept, practice)
        return json.dumps(asdict(make(_case(record)))) if record and record.score else ""


def _case(record: PracticeRecord) -> Case:
    if record.score is None:
        raise UsageError(f"practice {record.id} is not judged yet; end the call first")
    return Case(played=record.played, score=record.score)


def _turns(case: Case, words: Words) -> list[tuple[str, int]]:
    """Return the turns that one can go back to, with the number of exchanges before each."""
    turns = case.played.talk.turns
    said = [turns[moment.turn - 1].text for moment in case.played.moments]
    numbers = [moment.turn for moment in case.played.moments]  # counted from 1, the turn before the answer
    return [
        (words["try_from_turn"].format(number, _excerpt(text)), i)
        for i, (number, text) in enumerate(zip(numbers, said, strict=True))
    ]


def _excerpt(text: str) -> str:
    return text if len(text) <= EXCERPT else f"{text[: EXCERPT - 1]}…"


def _weakest(case: Case) -> int | None:
    """Return the exchange that most deserves another try: the first with a breach, else the lowest marks."""
    moments = case.played.moments
    if not moments:
        return None
    broken = {finding.turn for finding in case.score.breaches}
    marks = {m.turn: (m.respect or 5) + (m.clarity or 5) for m in case.score.turns}
    order: Sequence[int] = range(len(moments))
    return min(order, key=lambda i: (moments[i].turn - 1 not in broken, marks.get(moments[i].turn - 1, 10), i))


def _try(place: int, record: PracticeRecord, words: Words) -> str:
    total = record.score.total if record.score else None
    return words["try_name"].format(place, words["not_judged"] if total is None else f"{total:.0f}")
