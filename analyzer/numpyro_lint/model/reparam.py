"""What each reparameteriser makes of a site: numpyro.infer.reparam (0.22)."""

from __future__ import annotations

from numpyro_lint.facts.api import REPARAMS
from numpyro_lint.facts.distributions import FAMILIES, LOC_SCALE
from numpyro_lint.model.binding import table_of
from numpyro_lint.model.ir import Const, Dist, Opaque, Reparam, Text, Value
from numpyro_lint.model.message import Machine, Message, Raised
from numpyro_lint.model.name import Hole, Name

# Families whose support depends on their arguments, and may be the real line.
_PERHAPS_REAL = frozenset(
    """
    Delta Distribution ExpandedDistribution ImproperUniform Independent MaskedDistribution
    MixtureGeneral MixtureSameFamily TransformedDistribution Unit
    """.split()
)
_TRANSFORMED = frozenset(
    """
    CirculantNormal FoldedDistribution GaussianStateSpace InverseGamma InverseWishart LKJ LogNormal
    LogUniform Pareto RelaxedBernoulliLogits TransformedDistribution Wishart ZeroSumNormal
    """.split()
)


def reparameterise(machine: Machine, message: Message, how: Value | None) -> None:
    """`process_message` of a `reparam` whose config has this site; `how` None: not in sight."""
    assert message.name is not None
    if message.value is not None:
        raise Raised("AssertionError: reparameterisation of a site that has a value")
    if not isinstance(how, Reparam):
        # What an unknown reparameteriser makes is not taken to be reparameterised in turn.
        _auxiliary(machine, message, message.name + Name((Hole(),)), "sample", made=True)
    elif how.kind == "LocScaleReparam":
        if not _decentre(machine, message, how):
            return
    elif how.kind == "NeuTraReparam":
        # The first site of the model brings one of the guide's name, and every one a factor.
        _auxiliary(machine, message, Name((Hole(),)), "sample", made=True, unknown=True)
        density = Name.of("_") + message.name + Name.of("_log_prob")
        _auxiliary(machine, message, density, "factor")
    else:
        _check_family(message, how)
        base = message.name + _suffix(how)
        masked = how.kind == "TransformReparam" and _has_masked_base(machine, message)
        _auxiliary(machine, message, base, "sample", _base(message, how), masked=masked)
        if how.kind == "CircularReparam":
            _auxiliary(machine, message, message.name + Name.of("_factor"), "factor")
    _make_deterministic(message)


def _decentre(machine: Machine, message: Message, how: Reparam) -> bool:
    """`LocScaleReparam`: False when it leaves the site as it was."""
    assert message.name is not None
    family = message.family if message.family in FAMILIES else None
    if message.reported == "factor":
        family = "Unit"
    if family is not None and family not in _PERHAPS_REAL and FAMILIES[family].support != "real":
        raise Raised(f"ValueError: LocScaleReparam of {family}")
    centered = dict(how.args).get("centered", Const(None))
    if isinstance(centered, Const) and centered.value == 1:
        return False
    if isinstance(centered, Const) and centered.value is None:
        _auxiliary(machine, message, message.name + Name.of("_centered"), "param")
    if message.masked:
        raise Raised("AttributeError: a masked distribution has no loc")
    if family is not None and family not in LOC_SCALE:
        raise Raised(f"AttributeError: {family} has no loc and scale")
    if family == "StudentT" and _lacks(how, "df"):
        raise Raised("TypeError: StudentT needs shape_params")
    _auxiliary(machine, message, message.name + _suffix(how), "sample", message.dist)
    return True


def _lacks(how: Reparam, parameter: str) -> bool:
    """Whether a parameter is left out of `shape_params` for sure."""
    given = dict(how.args).get("shape_params")
    table = table_of(given)
    if table is None or not table.complete:
        return given is None
    return parameter not in {key.text for key in table.keys}


def _check_family(message: Message, how: Reparam) -> None:
    family = message.family
    if family is None or family not in FAMILIES:
        return
    if how.kind == "TransformReparam" and not may_be_transformed(family):
        raise Raised("ValueError: TransformReparam needs a TransformedDistribution")
    if how.kind == "ProjectedNormalReparam" and family != "ProjectedNormal":
        raise Raised("AssertionError: ProjectedNormalReparam needs a ProjectedNormal")
    if how.kind == "CircularReparam" and FAMILIES[family].support != "circular":
        raise Raised("AssertionError: CircularReparam needs a distribution on the circle")


def may_be_transformed(family: str) -> bool:
    """Whether a family is, or may hold, a `TransformedDistribution`."""
    return family in _TRANSFORMED or family in _PERHAPS_REAL


def _suffix(how: Reparam) -> Name:
    given = dict(how.args).get("suffix") if how.kind == "UnitJacobianReparam" else None
    if given is None:
        return Name.of(REPARAMS[how.kind][1])
    return Name.of("_") + (given.name if isinstance(given, Text) else Name((Hole(),)))


def _base(message: Message, how: Reparam) -> Value | None:
    """The distribution of the auxiliary site, as far as it matters."""
    if how.kind == "CircularReparam":
        return Dist("ImproperUniform", (), how.span)
    return None


def _has_masked_base(machine: Machine, message: Message) -> bool:
    """Whether what a distribution transforms is masked by itself."""
    dist = message.dist
    base = dist.arg("base_distribution") if isinstance(dist, Dist) else Opaque()
    if isinstance(base, Dist):
        return "mask" in base.wraps
    return base is not None and machine.ask(("masked base", message.site.span, message.path))


def _auxiliary(
    machine: Machine,
    message: Message,
    name: Name,
    kind: str,
    dist: Value | None = None,
    made: bool = False,
    unknown: bool = False,
    masked: bool = False,
) -> None:
    auxiliary = Message(
        "sample" if kind == "factor" else kind,
        name,
        message.site,
        kind,
        dist=dist,
        path=message.path,
        values=message.values,
        arms=message.arms,
        made=made,
        unknown=unknown,
        masked=masked,
    )
    if kind == "factor":
        auxiliary.value, auxiliary.observed = "obs", True
    machine.send(auxiliary)


def _make_deterministic(message: Message) -> None:
    """The site keeps its type, name, value and plates, and loses all else."""
    message.type = message.reported = "deterministic"
    message.value = "reparam"
    message.observed = message.scaled = message.masked = message.lifted = False
    message.infer = {}
    message.given = message.intervener = message.done = None
