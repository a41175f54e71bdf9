"""How much of what is owed has come: per form, unit, branch of units, level and template, as counts and as rates.

What is counted is a form that a unit owes, not a file: parts, copies and revisions of one form are one. A form is late where the
earliest of its files that can be read is; a mended revision makes no form late.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import polars as pl

from reportkit.evidence import missing
from reportkit.submissions import Round, State, Submission
from reportkit.units import Units

#: What each line counts, in the order of the file.
COUNTS = ("expected", "received", "on_time", "late", "missing", "returned", "explained", "accepted", "locked")
RATES = {"received_rate": "received", "on_time_rate": "on_time", "accepted_rate": "accepted"}
#: ``form``: one unit's one form; ``unit``: what one unit files; ``branch``: a unit and all below it; ``level``: units of one level.
SCOPES = ("form", "unit", "branch", "level", "template", "all")
_KEYS = ("scope", "level", "unit", "template")
SCHEMA = pl.Schema(dict.fromkeys(_KEYS, pl.String()) | dict.fromkeys(COUNTS, pl.Int64()) | dict.fromkeys(RATES, pl.Float64()))
_UNUSABLE = (State.UNREADABLE, State.SET_ASIDE)


def completeness(
    found: Sequence[Submission],
    given: Round,
    dues: Mapping[str, str],
    explained: Mapping[str, int],
    locked: Collection[tuple[str, str]] = (),
) -> pl.DataFrame:
    """Lines of ``SCHEMA``, scope by scope in the order of units and templates. A rate is null where nothing is expected.

    Args:
        found: the round's submissions with what became of them. What nobody is expected to file is not counted.
        given: units and templates.
        dues: template → ISO date.
        explained: file → number of its findings that an explanation lets pass; a form counts once.
        locked: (unit, template) of forms that take nothing more.
    """
    forms = _forms(found, given, dues, explained, locked)
    counts = [pl.col(name).sum() for name in COUNTS]
    rolled = {
        "form": forms,
        "unit": forms.group_by("level", "unit", maintain_order=True).agg(counts),
        "branch": forms.drop("level").join(_branches(given.units), on="unit").drop("unit").rename({"above": "unit"})
        .group_by("level", "unit", "order").agg(counts).sort("order"),
        "level": forms.group_by("level", maintain_order=True).agg(counts),
        "template": forms.group_by("template", maintain_order=True).agg(counts),
        "all": forms.select(counts),
    }  # fmt: skip
    return pl.concat([_whole(name, rolled[name]) for name in SCOPES])


def _whole(scope: str, lines: pl.DataFrame) -> pl.DataFrame:
    """All columns of ``SCHEMA``; keys that a scope lacks are empty."""
    lacking = [pl.lit("").alias(name) for name in _KEYS[1:] if name not in lines.columns]
    rates = [
        pl.when(pl.col("expected") > 0).then(pl.col(count) / pl.col("expected")).cast(pl.Float64).alias(rate)
        for rate, count in RATES.items()
    ]
    return lines.with_columns(pl.lit(scope).alias("scope"), *lacking, *rates).select(
        pl.col(name).cast(kind) for name, kind in SCHEMA.items()
    )


def _forms(
    found: Sequence[Submission],
    given: Round,
    dues: Mapping[str, str],
    explained: Mapping[str, int],
    locked: Collection[tuple[str, str]],
) -> pl.DataFrame:
    """A line of zeros and ones for each form that is owed."""
    files: dict[tuple[str, str], list[Submission]] = {}
    for one in found:
        files.setdefault((one.unit, one.template), []).append(one)
    absent = set(missing(found, given.templates, given.units))
    lines: list[tuple[str | int, ...]] = []
    for template in given.templates:
        for unit in given.units.reporting(template.reporters):
            form = (unit.code, template.name)
            late = _late(files.get(form, []), dues.get(template.name, ""))
            here = form not in absent
            states = {one.state for one in files.get(form, ())}
            returned, told = State.RETURNED in states, any(explained.get(one.file, 0) for one in files.get(form, ()))
            accepted = State.ACCEPTED in states and not returned
            facts = (True, here, here and not late, here and late, not here, returned, told, accepted, form in locked)
            lines.append((unit.level, unit.code, template.name, *map(int, facts)))
    schema = dict.fromkeys(("level", "unit", "template"), pl.String) | dict.fromkeys(COUNTS, pl.Int64)
    order = {unit.code: at for at, unit in enumerate(given.units)}
    lines.sort(key=lambda line: order[str(line[1])])
    return pl.DataFrame(lines, schema=schema, orient="row")


def _late(files: Sequence[Submission], due: str) -> bool:
    readable = [one for one in files if one.state not in _UNUSABLE] or files
    first = min((one.delivery.received for one in readable), default=None)
    return bool(due) and first is not None and first.date().isoformat() > due


def _branches(units: Units) -> pl.DataFrame:
    """``unit, above, level, order``: each unit with every unit that it is or stands below, where that has units below it."""
    order = {unit.code: at for at, unit in enumerate(units)}
    parents = {unit.parent for unit in units}
    lines = [
        (unit.code, above.code, above.level, order[above.code])
        for unit in units
        for above in (unit, *units.ancestors(unit))
        if above.code in parents
    ]
    schema = dict.fromkeys(("unit", "above", "level"), pl.String) | {"order": pl.Int64}
    return pl.DataFrame(lines, schema=schema, orient="row")
