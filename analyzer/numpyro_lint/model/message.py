"""NumPyro's message protocol on what the text tells: `Message`, and the machine that sends it.

Follows `apply_stack` of numpyro.primitives (0.22): handlers process from the innermost out until
one sets `stop`, the default draws, then the handlers that were reached postprocess.
A fact that is not known is asked of the machine, which explores both answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from numpyro_lint.model.expand import Active, Arms, Execution, Path
from numpyro_lint.model.ir import Dist, Frame, Place, Site, Value
from numpyro_lint.model.name import Name
from numpyro_lint.record import field, record, replace
from numpyro_lint.text import Span

_MOST_WORLDS = 64
# Two interventions on one site send each other messages until Python gives up.
_DEEPEST = 40
_NEEDS_NO_KEY = frozenset({"Delta", "Unit"})
_CANNOT_BE_DRAWN = frozenset({"ImproperUniform"})
# A scan stacks the parameters of its sites; a distribution inside another keeps its old shape, so
# that what `uncondition` redraws does not fit.
_DRAWN_IN_SCAN_ALONE = frozenset(
    """
    Beta BetaBinomial BetaNegativeBinomial BetaProportion GammaPoisson HurdleGamma HurdlePoisson
    InverseGamma NegativeBinomial NegativeBinomial2 NegativeBinomialLogits NegativeBinomialProbs
    StudentT ZeroInflatedPoisson
    """.split()
)


class Raised(Exception):
    """NumPyro raises here; the text says what."""


@record(frozen=False)
class Message:
    """What is known of a message.

    `value` says where the value came from: None while there is none, "" for one that the primitive
    itself gives (a plate's indices, a deterministic). `given` is what a handler's table gave.
    `reported` is the type that a reader is told; `done`: the control flow that sends it again;
    `made`: an unknown reparameteriser made it.
    """

    type: str
    name: Name | None
    site: Site
    reported: str
    value: str | None = None
    observed: bool = False
    keyed: bool = False
    dist: Value | None = None
    path: Path = ()
    values: Mapping[str, Value] = field(default_factory=dict)
    arms: Arms = ()
    given: Value | None = None
    infer: dict[str, bool] = field(default_factory=dict)
    dims: list[int | None] = field(default_factory=list)
    scaled: bool | None = False
    made: bool = False
    masked: bool = False
    lifted: bool = False
    stop: bool = False
    done: str | None = None
    unknown: bool = False
    intervener: Key | None = None
    substitutions: list[tuple[str, Active]] | None = None

    def copy(self) -> Message:
        """A shallow copy, as `dict.copy`: `infer` and the plates stay shared."""
        return replace(self)

    @property
    def family(self) -> str | None:
        """NumPyro's name of the distribution, where it was built in sight."""
        if self.reported == "factor":
            return "Unit"
        return self.dist.family if isinstance(self.dist, Dist) else None


def message_of(step: Execution, kind: str, name: Name | None = None) -> Message:
    """A message that the execution of a primitive sends, still without what its arguments say."""
    type_ = "sample" if kind == "factor" else kind
    name = step.name if name is None else name
    return Message(type_, name, step.site, kind, path=step.path, values=step.values, arms=step.arms)


Key = tuple[Path, Span]


def key_of(active: Active) -> Key:
    """What tells one handler that is entered from another."""
    frame = active.frame
    return active.path, frame.plate.span if isinstance(frame, Frame) else frame.span


@record
class Sent:
    """A message at the end of its way. `reached`: how far out it came, as an index of the stack."""

    message: Message
    reached: int


@record
class Seen:
    """A site as one handler met it, by the name that it has there. `value`: as in `Message`."""

    site: Site
    name: Name
    type: str
    observed: bool
    value: str | None = None


class Recorded(NamedTuple):
    """A site in a trace. `arms`: the branches that a run takes to reach it."""

    type: str
    observed: bool
    was_observed: bool = False
    arms: Arms = ()


Trace = Mapping[str, Recorded]


# What is remembered: ("trace", handler, name): Recorded; ("lifted", handler, name): True;
# ("dim", plate): its dim; ("uncertain", trace): it may hold something else; ("resized", plate): it
# takes what a handler gave it; ("more",): what is not told may be sent besides.
Facts = dict[tuple[Any, ...], Any]


@record(frozen=False)
class State:
    """What handlers and plates remember from message to message.

    `settled` is what was known before the present unit of messages and is not touched: each world
    of answers writes to `new`, so that what a unit costs does not grow with what went before.
    """

    settled: Facts = field(default_factory=dict)
    new: Facts = field(default_factory=dict)
    seen: list[tuple[Key, Seen]] = field(default_factory=list)

    def get(self, *fact: Any) -> Any:
        """What is remembered of something, or None."""
        return self.new[fact] if fact in self.new else self.settled.get(fact)

    def put(self, value: Any, *fact: Any) -> None:
        self.new[fact] = value

    def forget_trace(self, key: Key) -> None:
        for fact in [fact for fact in self.new if fact[:2] == ("trace", key)]:
            del self.new[fact]

    def copy(self) -> State:
        return State(self.settled, dict(self.new), list(self.seen))


Process = Callable[["Machine", Active, Message], None]


@record(frozen=False)
class Machine:
    """Sends messages through a stack of handlers, in one world of answers.

    `draws` is False under inference that begins at values of its own: what cannot be drawn is no
    obstacle to it.
    """

    process: Process
    postprocess: Process
    traces: Mapping[Span, Trace | None]
    state: State = field(default_factory=State)
    answers: list[bool] = field(default_factory=list)
    asked: dict[Any, bool] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    stack: tuple[Active, ...] = ()
    depth: int = 0
    draws: bool = True

    def ask(self, question: Any) -> bool:
        """The answer to what the text does not tell, in this world."""
        if question not in self.asked:
            index = len(self.asked)
            if index >= len(self.answers):
                self.answers.append(False)
            self.asked[question] = self.answers[index]
        return self.asked[question]

    def send(self, message: Message) -> Message:
        """`apply_stack`. Raises Raised where NumPyro raises."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Raised("RecursionError: maximum recursion depth exceeded")
        reached = self.pass_out(message)
        _default(message, self.draws)
        self.sent.append(Sent(message, reached))
        for active in self.stack[reached:]:
            self.postprocess(self, active, message)
        self.depth -= 1
        return message

    def pass_out(self, message: Message) -> int:
        """Lets the handlers process a message; gives the index of the last that it reached."""
        for index in range(len(self.stack) - 1, -1, -1):
            self.process(self, self.stack[index], message)
            if message.stop:
                return index
        return 0

    def has_key(self) -> bool:
        """Whether `prng_key()` gives a key here: a seed is somewhere in the stack."""
        message = Message("prng_key", None, _NO_SITE, "prng_key")
        self.pass_out(message)
        return message.keyed


_NO_SITE = Site("prng_key", Name(()), Span(0, 0), None, Place())


def _default(message: Message, draws: bool) -> None:
    """`default_process_message`: what no handler gave is drawn, or is the primitive's own."""
    if message.value is not None:
        return
    if message.type == "sample":
        if draws and message.family in _CANNOT_BE_DRAWN:
            raise Raised(f"NotImplementedError: {message.family} cannot be drawn from")
        if message.done == "scan" and message.family in _DRAWN_IN_SCAN_ALONE:
            raise Raised(f"ValueError: {message.family} cannot be redrawn after a scan")
        if not message.keyed and message.family not in _NEEDS_NO_KEY:
            raise Raised("AssertionError: no random key")
        message.value = "lift" if message.lifted else "prior"
    elif message.type == "plate" and not message.keyed:
        raise Raised("ValueError: no random key to subsample with")
    else:
        message.value = "init" if message.type == "param" else ""


@record
class World:
    """What one set of answers leads to."""

    sent: tuple[Sent, ...]
    raised: str | None
    state: State


def explore(make: Callable[[], Machine], act: Callable[[Machine], None]) -> list[World] | None:
    """Every world of what is not known; None when there are too many to look at."""
    worlds: list[World] = []
    answers: list[bool] = []
    while True:
        machine = make()
        machine.answers = list(answers)
        raised = None
        try:
            act(machine)
        except Raised as error:
            raised = str(error)
        worlds.append(World(tuple(machine.sent), raised, machine.state))
        if len(worlds) > _MOST_WORLDS:
            return None
        answers = machine.answers[: len(machine.asked)]
        while answers and answers[-1]:
            answers.pop()
        if not answers:
            return worlds
        answers[-1] = True
